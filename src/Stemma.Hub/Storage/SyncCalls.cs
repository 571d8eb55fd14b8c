using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>The two calls after which bytes, and names, are on the disk. Tests put failing ones in their place.</summary>
/// <param name="Data">A file's bytes and length.</param>
/// <param name="Folder">The names in a folder.</param>
internal sealed record SyncCalls(Action<SafeFileHandle, string> Data, Action<SafeFileHandle, string> Folder)
{
    public static readonly SyncCalls System = new(Posix.SyncData, Posix.SyncFolder);
}
