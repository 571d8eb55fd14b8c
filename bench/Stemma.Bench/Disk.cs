using System.Diagnostics;

namespace Stemma.Bench;

internal static class Disk
{
    /// <summary>Waits until all that was written before is on the disk, so that it does not fall into what is measured next.</summary>
    public static void Settle()
    {
        using var sync = Process.Start("sync");
        sync.WaitForExit();
    }
}
