using System.Text.Json;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search.Finding;

/// <summary>Says where the words of a query stand in a file that was found.</summary>
internal sealed class Matches
{
    private const int Most = 4;
    private const int LongestText = 160;

    /// <param name="Field">Only there; null: anywhere.</param>
    private sealed record Wanted(string Word, bool IsPrefix, string? Field);

    private readonly List<Wanted> _wanted;

    public Matches(Query query) => _wanted = [.. Of(query)];

    public bool IsEmpty => _wanted.Count == 0;

    /// <param name="original">Reads the vendor's tree; asked only when words stand nowhere else.</param>
    public IReadOnlyList<SearchMatch> In(FileSet file, IReadOnlyList<NodeName> path, JsonElement? acquisition, Func<JsonElement?> original)
    {
        var found = new List<SearchMatch>();
        var left = _wanted.ToHashSet();
        Look("name", "Name", file.Name, found, left);
        if (file.Image?.Title is { } title && title != file.Name)
            Look("name", "Title", title, found, left);
        foreach (var tag in file.Tags)
            Look(SearchFields.Tag, "Tag", tag, found, left);
        if (acquisition is { ValueKind: JsonValueKind.Object } terms)
            foreach (var term in terms.EnumerateObject())
                if (term.Value.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String)
                    Look(term.Name, SearchFields.Find(term.Name)?.Label ?? term.Name, value.GetString()!, found, left);
        if (file.FormatName is { } format)
            Look(SearchFields.Format, "Format", format, found, left);
        foreach (var node in path)
            Look(node.Kind.ToString().ToLowerInvariant(), node.Kind.ToString(), node.Name, found, left);
        if (left.Any(wanted => wanted.Field is null) && found.Count < Most && original() is { } tree)
            foreach (var (key, text, number) in OriginalTree.Flatten(tree))
            {
                if (number is null)
                    Look(SearchFields.Original + key, key, text, found, left);
                if (left.Count == 0 || found.Count >= Most)
                    break;
            }

        return found;
    }

    private static void Look(string field, string label, string text, List<SearchMatch> found, HashSet<Wanted> left)
    {
        if (found.Count >= Most)
            return;
        var ranges = new List<int[]>();
        var matched = new List<Wanted>();
        var at = 0;
        foreach (var run in Folding.Runs(text))
        {
            at = text.IndexOf(run, at, StringComparison.Ordinal);
            foreach (var wanted in left)
                if ((wanted.Field is null || wanted.Field == field) && Folding.Parts(run).Prepend(Folding.Words(run).First()).Any(word => wanted.IsPrefix ? word.StartsWith(wanted.Word, StringComparison.Ordinal) : word == wanted.Word))
                {
                    matched.Add(wanted);
                    if (ranges.Count == 0 || ranges[^1][0] != at)
                        ranges.Add([at, run.Length]);
                }

            at += run.Length;
        }

        if (matched.Count == 0)
            return;
        left.ExceptWith(matched);
        found.Add(Cut(field, label, text, ranges));
    }

    private static SearchMatch Cut(string field, string label, string text, List<int[]> ranges)
    {
        var start = text.Length <= LongestText ? 0 : Math.Clamp(ranges[0][0] - 40, 0, text.Length - LongestText);
        if (start > 0 && char.IsLowSurrogate(text[start]))
            start--;
        var end = Math.Min(text.Length, start + LongestText);
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end++;
        return new SearchMatch(field, label, text[start..end], [.. ranges.Where(range => range[0] >= start && range[0] + range[1] <= end).Select(range => new[] { range[0] - start, range[1] })]);
    }

    private static IEnumerable<Wanted> Of(Query query) => query switch
    {
        And all => all.Terms.SelectMany(Of),
        Or any => any.Terms.SelectMany(Of),
        Text text => Words(text.Form, null),
        Field field when SearchFields.Find(field.Name) is { Kind: SearchFieldKind.Value or SearchFieldKind.Words } known => field.Values.SelectMany(value => Words(value, known.Name)),
        _ => [],
    };

    private static IEnumerable<Wanted> Words(TextForm form, string? field)
    {
        var (content, isPhrase) = form switch
        {
            Word word => (word.Content, false),
            Prefix prefix => (prefix.Content, false),
            Phrase phrase => (phrase.Content, true),
            Comparison { Operator: "=" } equal => (equal.Content, true),
            _ => ("", true),
        };
        return Folding.Words(content).Select(word => new Wanted(word, !isPhrase && (form is Prefix || (word.Length >= 3 && !char.IsDigit(word[0]))), field));
    }
}
