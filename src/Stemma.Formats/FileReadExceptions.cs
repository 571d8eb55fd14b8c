namespace Stemma.Formats;

/// <summary>A file could not be read. The message is one line that a person can act on.</summary>
public abstract class FileReadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A file is damaged, or does not follow its own format.</summary>
/// <param name="file">Name of the file.</param>
/// <param name="offset">Byte offset at which it was noticed; null where no single place is to blame.</param>
public sealed class MalformedFileException(string file, long? offset, string expected, string found, Exception? inner = null)
    : FileReadException($"{file}{(offset is { } at ? $" at byte {at}" : "")}: expected {expected}, found {found}", inner)
{
    public long? Offset { get; } = offset;
    public string Expected { get; } = expected;
    public string Found { get; } = found;
}

/// <summary>No reader knows the file.</summary>
public sealed class UnknownFormatException(string file, string hint)
    : FileReadException($"{file}: no reader for this file yet ({hint})");

/// <summary>The format is known, but not this kind of it.</summary>
public sealed class UnsupportedVariantException(string file, string what)
    : FileReadException($"{file}: {what}");
