using System.Runtime.InteropServices;

namespace Stemma.Hub.Harvest;

/// <summary>The share refused something.</summary>
/// <param name="error">Number as in <c>errno</c>.</param>
/// <param name="path">As the administrator would write it, or beneath the source's folder.</param>
internal sealed class ShareException(int error, string path) : IOException($"{(path.Length == 0 ? "The folder" : path)}: {Marshal.GetPInvokeErrorMessage(error)}", error)
{
    public int Error { get; } = error;

    /// <summary>The error alone, for where the path is known.</summary>
    public string Reason { get; } = Marshal.GetPInvokeErrorMessage(error);

    public bool IsAway => ShareCalls.IsAway(Error);

    public bool IsAbsent => ShareCalls.IsAbsent(Error);
}

/// <summary>Nothing can be taken from a source at present; the message tells its administrator why. Nothing is concluded about its files.</summary>
internal sealed class SourceAwayException(string message, Exception? cause = null) : Exception(message, cause);
