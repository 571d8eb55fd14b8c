namespace Stemma.Hub.Search.Indexing;

/// <summary>What is indexed of one file set, before values and keys have their numbers.</summary>
internal sealed class Document(IndexedFileSet set)
{
    public IndexedFileSet Set { get; } = set;
    public DateTime? AcquiredAt { get; set; }
    public WordVector Words { get; } = new();

    /// <summary>Field → whole value, for the fields that are counted.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Field → number in its unit.</summary>
    public Dictionary<string, double> Numbers { get; } = new(StringComparer.Ordinal);

    public List<string> Tags { get; } = [];

    /// <summary>Path, value as compared, and the number where it is one.</summary>
    public List<(string Path, string Value, double? Number)> Original { get; } = [];
}
