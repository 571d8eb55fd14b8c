using Stemma.Hub.Web;

namespace Stemma.Hub.Storage;

/// <summary>What callers hear of the storage. What the system said, with its paths, is for the log.</summary>
internal static class StorageProblems
{
    // errno of Linux: no space left on device, quota exceeded, file too large for the file system.
    private const int NoSpace = 28, QuotaExceeded = 122, FileTooLarge = 27;

    public static bool IsFull(IOException exception) => exception.HResult is NoSpace or QuotaExceeded or FileTooLarge;

    public static Problem Full() => new(507, "storage-full", "The storage is full",
        "The hub's storage has no room for these bytes, and nothing of them was kept. Ask the administrator to make room, then send them again.");

    public static Problem Failed() => new(503, "storage-failed", "The storage failed",
        "The hub's storage did not keep these bytes, and nothing of them is trusted. Send all of them again. If that fails too, tell the administrator: the reason is in the hub's log.")
    { RetryAfterSeconds = 5 };

    public static Problem TooLarge(long limit) => new(413, "too-large", "The file is too large",
        $"This hub accepts single files of at most {limit} bytes. The administrator can raise the limit (MaxFileBytes).");
}
