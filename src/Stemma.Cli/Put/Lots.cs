namespace Stemma.Cli.Put;

/// <summary>Small files go together, several in one request; large ones, and archives that are to be unpacked, alone.</summary>
internal static class Lots
{
    private const long SmallBytes = 1 << 20;
    private const int MaxFiles = 64;

    /// <param name="files">In the order in which they are to go.</param>
    /// <param name="bytes">Bytes that fit in one request.</param>
    public static IEnumerable<IReadOnlyList<SourceFile>> Of(IReadOnlyList<SourceFile> files, PutOptions options, long bytes)
    {
        // Not so many that some senders have nothing to do in the end.
        var most = Math.Clamp(files.Count / (options.Parallel * 4), 1, MaxFiles);
        List<SourceFile> lot = [];
        long size = 0;
        foreach (var file in files)
        {
            if (file.Size > SmallBytes || options.Unpacks(file.Path))
            {
                yield return [file];
                continue;
            }

            if (lot.Count == most || size + file.Size > bytes)
            {
                yield return lot;
                (lot, size) = ([], 0);
            }

            lot.Add(file);
            size += file.Size;
        }

        if (lot.Count > 0)
            yield return lot;
    }
}
