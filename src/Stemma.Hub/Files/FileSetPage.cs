namespace Stemma.Hub.Files;

/// <summary>A piece of a list of file sets.</summary>
/// <param name="Next">Handed back as <c>?cursor=</c>; null at the end.</param>
/// <param name="Total">How many the whole list has; null where the piece was asked for by cursor.</param>
public sealed record FileSetPage(IReadOnlyList<FileSet> Items, string? Next, long? Total);
