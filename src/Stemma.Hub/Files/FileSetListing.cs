using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

public enum FileSetOrder
{
    Name,
    Newest,
}

/// <summary>Which of a node's file sets are listed, in which order, and which piece of the list is wanted.</summary>
internal sealed record FileSetListing
{
    private const int MaxWords = 8;

    /// <summary>What can be listed by how it was read: word and condition on <c>file_sets s</c>.</summary>
    private static readonly Dictionary<string, string> Shows = new(StringComparer.Ordinal)
    {
        ["pictures"] = "exists (select from artifacts p where p.extraction_id = s.extraction_id and p.name like 'thumbnail-%')",
        ["waiting"] = "s.reading in ('waiting', 'reading')",
        ["no_reader"] = "s.reading = 'no_reader'",
        ["failed"] = "s.reading = 'failed'",
    };

    /// <exception cref="Problem">400: one of them cannot be, or offset and cursor are both given.</exception>
    public FileSetListing(bool? recursive, string? sort, string? filter, string? show, int? limit, string? cursor, int? offset)
    {
        Recursive = recursive ?? false;
        Order = sort switch
        {
            null or "name" => FileSetOrder.Name,
            "-created" => FileSetOrder.Newest,
            _ => throw Problem.Invalid($"sort must be name or -created, but is \"{sort}\"."),
        };
        Words = [.. (filter ?? "").ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (Words.Length > MaxWords)
            throw Problem.Invalid($"filter may have up to {MaxWords} words, but has {Words.Length}.");
        if (filter?.Contains('\0') == true)
            throw Problem.Invalid("filter must not contain NUL characters.");
        Show = string.IsNullOrEmpty(show) ? null : Shows.GetValueOrDefault(show) ?? throw Problem.Invalid($"show must be {string.Join(", ", Shows.Keys)} or nothing, but is \"{show}\".");
        Limit = Cursor.Limit(limit);
        Offset = Cursor.Offset(offset, cursor);
        (After, AfterId) = KeysetByName.Parse(cursor);
    }

    public bool Recursive { get; }

    public FileSetOrder Order { get; }

    /// <summary>Each must be in the name, the format's name or a tag; in lower case.</summary>
    public string[] Words { get; }

    public int Limit { get; }

    /// <summary>How many come before the piece, apart from those before a cursor.</summary>
    public int Offset { get; }

    /// <summary>Sort key of the last row seen; null at the beginning.</summary>
    public string? After { get; }

    public Guid? AfterId { get; }

    /// <summary>Whether the answer says how many there are: not where one goes on from a cursor, who was told at the beginning.</summary>
    public bool IsCounted => After is null;

    private string? Show { get; }

    private (string Column, string Type, string Direction) Key => Order == FileSetOrder.Name ? ("s.name", "text", "") : ("s.created_at", "timestamptz", " desc");

    /// <summary>Over <c>s</c>; total, since ids break ties.</summary>
    public string OrderBy => $"{Key.Column}{Key.Direction}, s.id{Key.Direction}";

    public bool IsFiltered => Words.Length > 0 || Show is not null;

    /// <summary>Conditions on <c>file_sets s</c>, each with its <c>and</c>; those after the cursor not among them.</summary>
    public string Conditions => (Show is null ? "" : $" and {Show}") + string.Concat(Enumerable.Range(1, Words.Length).Select(HasWord));

    /// <summary>The format's name last: it is in another table.</summary>
    private static string HasWord(int number) => $"""
         and (strpos(lower(s.name), (@Words::text[])[{number}]) > 0 or exists (select from unnest(s.tags) t where strpos(lower(t), (@Words::text[])[{number}]) > 0)
            or exists (select from extractions e where e.id = s.extraction_id and strpos(lower(e.format_name), (@Words::text[])[{number}]) > 0))
        """;

    public string AfterCursor => After is null ? "" : $"where ({Key.Column}, s.id) {(Order == FileSetOrder.Name ? '>' : '<')} (@After::{Key.Type}, @AfterId::uuid)";

    /// <summary>What a cursor remembers of the last row.</summary>
    public string KeyOf(FileSet set) => KeysetByName.Key(Order == FileSetOrder.Name ? set.Name : set.CreatedAt.ToString("O"), set.Id);
}
