using System.Globalization;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>A node of the tag tree.</summary>
internal abstract record DmTag;

/// <summary>A name (empty in lists) and what is stored under it.</summary>
internal readonly record struct DmEntry(string Name, DmTag Tag);

/// <summary>A group of named tags, or a list of unnamed ones.</summary>
internal sealed record DmGroup : DmTag
{
    public List<DmEntry> Entries { get; } = [];

    /// <summary>Follows names, or positions in lists, from group to group; null where there is no such tag.</summary>
    public DmTag? Find(params ReadOnlySpan<string> path)
    {
        DmTag? tag = this;
        foreach (var name in path)
            tag = (tag as DmGroup)?.Child(name);
        return tag;
    }

    public DmGroup? Group(params ReadOnlySpan<string> path) => Find(path) as DmGroup;

    public double? Number(params ReadOnlySpan<string> path) => (Find(path) as DmScalar)?.AsDouble();

    public string? Text(params ReadOnlySpan<string> path) => (Find(path) as DmText)?.Value;

    private DmTag? Child(string name)
    {
        foreach (var entry in Entries)
            if (entry.Name == name)
                return entry.Tag;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Entries.Count && Entries[index].Name.Length == 0
            ? Entries[index].Tag
            : null;
    }
}

/// <param name="Value">Boxed as its own type: <c>short</c> … <c>ulong</c>, <c>float</c>, <c>double</c> or <c>bool</c>.</param>
internal sealed record DmScalar(object Value) : DmTag
{
    public double? AsDouble() => Value is bool ? null : Convert.ToDouble(Value, CultureInfo.InvariantCulture);
}

internal sealed record DmText(string Value) : DmTag;

internal sealed record DmStruct(IReadOnlyList<DmTag> Fields) : DmTag;

/// <summary>An array in the file; <see cref="Items"/> only where it is short.</summary>
internal sealed record DmArray(DmType Element, long Count, long Offset, IReadOnlyList<DmTag>? Items) : DmTag
{
    public long Bytes => Element.Bytes * Count;
}
