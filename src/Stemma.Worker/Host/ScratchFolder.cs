using System.Globalization;
using Stemma.Client;

namespace Stemma.Worker.Host;

/// <summary>A worker's temporary files, in a folder of its own that nobody else may enter. What killed workers left is swept.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "stemma-work-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public ScratchFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        Sweep(parent);
        Root = Path.Combine(parent, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():n}");
        Create(Root);
    }

    public string Root { get; }

    /// <summary>Names, but does not yet make, a task's folder.</summary>
    public string Of(WorkTask task) => Path.Combine(Root, $"{task.Id:n}-{task.Attempt}");

    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A reader that is just being ended may still write; the next worker sweeps.
        }
    }

    private static void Sweep(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var id = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) || Directory.Exists($"/proc/{process}"))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or being swept by another worker.
            }
        }
    }
}
