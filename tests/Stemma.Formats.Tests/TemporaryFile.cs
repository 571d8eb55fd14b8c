namespace Stemma.Formats.Tests;

/// <summary>A file with given bytes that goes away with the test.</summary>
public sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-formats-");

    public TemporaryFile(string name, ReadOnlySpan<byte> bytes)
    {
        Path = System.IO.Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public ValueTask<FileSetContent> Open() => Samples.OpenFile(Path);

    public void Dispose() => _folder.Delete(true);
}
