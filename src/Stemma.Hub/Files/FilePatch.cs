namespace Stemma.Hub.Files;

/// <param name="Path">Where the file is to be in its dataset: folders and name, separated by <c>/</c>.</param>
public sealed record FilePatch(string Path);
