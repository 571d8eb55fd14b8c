namespace Stemma.Formats.Native;

/// <summary>A shared library of the system is not installed. It is the machine's fault, not the file's: reading can be tried again elsewhere.</summary>
/// <param name="library">File name of the library, e.g. <c>libvips.so.42</c>.</param>
/// <param name="package">Debian package that holds it.</param>
public sealed class NativeLibraryMissingException(string library, string package, Exception? inner = null)
    : Exception($"The library {library} is not installed; on Debian: apt-get install {package}", inner)
{
    public string Library { get; } = library;

    public string Package { get; } = package;
}
