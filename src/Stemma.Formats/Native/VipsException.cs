namespace Stemma.Formats.Native;

/// <summary>libvips refused; the message is its own.</summary>
/// <param name="isMissing">The operation itself is not there, as when a loader's module is not installed.</param>
internal sealed class VipsException(string message, bool isMissing = false) : Exception(message)
{
    public bool IsMissing { get; } = isMissing;
}
