namespace Stemma.Bench;

/// <summary>A folder of files to deposit.</summary>
internal sealed class SourceFolder(string path)
{
    public string Path => path;

    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Replaces what is in it. The bytes are on the disk afterwards: writing them is not to fall into anybody's time.</summary>
    /// <param name="make">Bytes that no other file has: the store keeps equal ones once.</param>
    public void Fill(int count, string extension, Func<byte[]> make)
    {
        Directory.CreateDirectory(path);
        foreach (var old in Files)
            File.Delete(old);
        Files = [.. Enumerable.Range(0, count).Select(number => System.IO.Path.Combine(path, $"{number:00000}{extension}"))];
        foreach (var file in Files)
            File.WriteAllBytes(file, make());
        Disk.Settle();
    }
}
