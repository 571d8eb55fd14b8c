using System.Buffers;
using System.Globalization;
using System.Text;

namespace Stemma.Hub.Web;

/// <summary>Tables as text (RFC 4180), as spreadsheets write and read them.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t\"\r\n");

    /// <summary>With a byte order mark, without which spreadsheets take µ for two other signs.</summary>
    public static string Write(IEnumerable<string[]> rows)
    {
        var text = new StringBuilder("\uFEFF");
        foreach (var row in rows)
            text.Append(Line(row));
        return text.ToString();
    }

    /// <summary>One row, with the end of its line.</summary>
    public static string Line(IEnumerable<string> row) => string.Join(',', row.Select(Cell)) + "\r\n";

    /// <summary>
    /// A spreadsheet takes what begins with = + - @ for a formula, and runs it; so an apostrophe goes before it, which <see cref="Read"/> takes away again.
    /// Numbers stay numbers, and what has apostrophes of its own there gets one more.
    /// </summary>
    private static string Plain(string words)
    {
        var first = words.AsSpan().TrimStart('\'');
        return first.Length > 0 && first[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !(first.Length == words.Length && double.TryParse(words, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) ? $"'{words}" : words;
    }

    private static string AsWritten(string cell) => cell.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && cell[0] == '\'' ? cell[1..] : cell;

    private static string Cell(string words) => Quoted(Plain(words));

    private static string Quoted(string words) =>
        words.AsSpan().ContainsAny(Special) || words.StartsWith(' ') || words.EndsWith(' ') ? $"\"{words.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : words;

    /// <summary>Rows of cells. Between cells stands a comma, a semicolon or a tab, whichever is first outside of quotes: spreadsheets choose by language.</summary>
    /// <exception cref="FormatException">A quote is not closed; it says from which line on.</exception>
    public static List<string[]> Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        var separator = Separator(text);
        List<string[]> rows = [];
        List<string> row = [];
        var cell = new StringBuilder();
        var (line, quoteLine, isQuoted) = (1, 0, false);
        for (var at = 0; at < text.Length; at++)
        {
            var sign = text[at];
            if (sign == '\n')
                line++;
            if (isQuoted)
            {
                if (sign != '"')
                    cell.Append(sign);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else
                    isQuoted = false;
            }
            else if (sign == '"' && cell.Length == 0)
                (isQuoted, quoteLine) = (true, line);
            else if (sign == separator)
                EndCell();
            else if (sign is '\n')
                EndRow();
            else if (sign != '\r' || at + 1 < text.Length && text[at + 1] != '\n')
                cell.Append(sign);
        }

        if (isQuoted)
            throw new FormatException($"A quote that begins in line {quoteLine} has no end.");
        if (cell.Length > 0 || row.Count > 0)
            EndRow();
        return rows;

        void EndCell()
        {
            row.Add(AsWritten(cell.ToString()));
            cell.Clear();
        }

        void EndRow()
        {
            EndCell();
            rows.Add([.. row]);
            row.Clear();
        }
    }

    private static char Separator(string text)
    {
        var isQuoted = false;
        foreach (var sign in text)
            if (sign == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && sign is ',' or ';' or '\t')
                return sign;
            else if (sign == '\n')
                break;
        return ',';
    }
}
