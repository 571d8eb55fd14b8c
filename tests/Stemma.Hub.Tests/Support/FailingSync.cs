using Stemma.Hub.Storage;

namespace Stemma.Hub.Tests.Support;

/// <summary>A disk that could not write something. The next sync of the same file succeeds, as it does on Linux although bytes are lost.</summary>
internal static class FailingSync
{
    public const int InputOutputError = 5, NoSpace = 28;

    /// <param name="which">data or folder.</param>
    public static void Once(LocalBlobStore store, string which, int error = InputOutputError)
    {
        var system = store.Sync;
        var left = 1;
        void Fail(Action sync)
        {
            if (Interlocked.Decrement(ref left) == 0)
                throw new IOException("fsync of /srv/stemma failed", error);
            sync();
        }

        store.Sync = which == "data" ? system with { Data = (file, path) => Fail(() => system.Data(file, path)) } : system with { Folder = (folder, path) => Fail(() => system.Folder(folder, path)) };
    }
}
