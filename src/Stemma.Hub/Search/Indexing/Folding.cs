using System.Globalization;
using System.Text;

namespace Stemma.Hub.Search.Indexing;

/// <summary>
/// Text as it is compared: without case, and without the accents of Latin letters, and cut into words. The same for what is indexed and for what is asked.
/// The hub runs without ICU, whose normalization would do the same and more.
/// </summary>
internal static class Folding
{
    /// <summary>Longest word that is kept; PostgreSQL's lexemes end at 2,046 bytes.</summary>
    public const int LongestWord = 100;

    /// <summary>Longest whole value that is compared as one.</summary>
    public const int LongestValue = 200;

    /// <summary>Lower case, without accents. Digits, punctuation and spaces stay.</summary>
    public static string Fold(string text)
    {
        if (IsPlain(text))
            return text;
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
            if (letter is >= FirstLatin and < (char)(FirstLatin + 192))
                folded.Append(Latin[letter - FirstLatin]);
            else if (letter is not (>= '\u0300' and <= '\u036F'))
                folded.Append(letter switch { '\u00B5' => '\u03BC', '\u212B' => 'a', '\u212A' => 'k', _ => char.ToLowerInvariant(letter) });
        return folded.ToString();
    }

    private const char FirstLatin = '\u00C0';

    /// <summary>U+00C0 to U+017F without their accents.</summary>
    private static readonly string[] Latin =
        ("a a a a a a ae c e e e e i i i i d n o o o o o × o u u u u y th ss "
        + "a a a a a a ae c e e e e i i i i d n o o o o o ÷ o u u u u y th y "
        + "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
        + "g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l "
        + "l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s "
        + "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s").Split(' ');

    /// <summary>A whole value as it is compared: folded, runs of white space made one space, cut to <see cref="LongestValue"/>.</summary>
    public static string FoldValue(string text) => Beginning(string.Join(' ', Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>A value cut to <see cref="LongestValue"/>.</summary>
    public static string Beginning(string value) => value.Length <= LongestValue ? value : value[..(char.IsHighSurrogate(value[LongestValue - 1]) ? LongestValue - 1 : LongestValue)];

    /// <summary>Runs of letters and digits, folded: <c>Steel_0012.dm3</c> is steel, 0012, dm3.</summary>
    public static IEnumerable<string> Words(string text) => Runs(text).Select(run => Cut(Fold(run)));

    /// <summary>The parts of a run, folded, where letters meet digits or capitals begin: <c>GoldParticles200kV</c> is gold, particles, 200, kv. Empty where there is one part only.</summary>
    public static IReadOnlyList<string> Parts(string run)
    {
        List<string>? parts = null;
        var start = 0;
        for (var index = 1; index < run.Length; index++)
            if (!IsMark(run[index]) && (char.IsDigit(run[index]) != char.IsDigit(run[index - 1]) || (char.IsUpper(run[index]) && char.IsLower(run[index - 1]))))
            {
                (parts ??= []).Add(Cut(Fold(run[start..index])));
                start = index;
            }

        parts?.Add(Cut(Fold(run[start..])));
        return parts ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Runs of letters and digits (with their marks), as written.</summary>
    public static IEnumerable<string> Runs(string text)
    {
        var start = -1;
        for (var index = 0; index <= text.Length; index++)
        {
            // A mark belongs to the letter before it; alone it would fold to nothing, and PostgreSQL refuses an empty lexeme.
            var isWord = index < text.Length && (IsLetterOrDigit(text, index) || (start >= 0 && IsMark(text[index])));
            if (isWord && start < 0)
                start = index;
            else if (!isWord && start >= 0)
            {
                yield return text[start..index];
                start = -1;
            }
        }
    }

    private static bool IsLetterOrDigit(string text, int index) => char.IsLetterOrDigit(text, char.IsLowSurrogate(text[index]) && index > 0 ? index - 1 : index);

    private static bool IsMark(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string Cut(string word) => word.Length <= LongestWord ? word : word[..(char.IsHighSurrogate(word[LongestWord - 1]) ? LongestWord - 1 : LongestWord)];

    private static bool IsPlain(string text)
    {
        foreach (var letter in text)
            if (letter is >= 'A' and <= 'Z' || letter > '~')
                return false;
        return true;
    }
}
