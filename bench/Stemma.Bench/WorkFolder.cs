namespace Stemma.Bench;

/// <summary>A folder for one run, gone at its end. Others may pass through it: PostgreSQL runs as a user of its own.</summary>
public sealed class WorkFolder : IDisposable
{
    public WorkFolder(string name)
    {
        Path = Directory.CreateTempSubdirectory($"stemma-{name}-").FullName;
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
