using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats;

/// <summary>
/// One file format. Implementations are stateless and safe to share.
/// Detection is by content; the name only breaks ties between formats that share a signature.
/// </summary>
public interface IFormat
{
    /// <summary>Stable identifier, e.g. <c>digital-micrograph-3</c>.</summary>
    string Id { get; }

    /// <summary>What a person reads, e.g. <c>Gatan DigitalMicrograph 3</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Version of the reading itself, a number as <c>3</c> or <c>3.1</c>. Raise it whenever a file could give other images, axes or calibration, other original keys or values, other members,
    /// or could be read at all where it could not. Hubs then read the files of this format again. Never lower it, and do not raise it for what only makes reading faster.
    /// </summary>
    string ReaderVersion { get; }

    /// <summary>
    /// Version of how original keys become the vocabulary's acquisition, a number as <see cref="ReaderVersion"/>. Raise it whenever the same original metadata could give other acquisition terms,
    /// values or units; also where shared mapping code (<see cref="VocabularyLines"/>, units) changes what this format's files give. The difference that people see says which of the two it was.
    /// </summary>
    string MappingVersion { get; }

    /// <summary>Tells from the first bytes (up to <see cref="FormatRegistry.HeaderBytes"/>, fewer in a small file) whether this format should read it.</summary>
    bool TryDetect(ReadOnlySpan<byte> header, string fileName);

    /// <summary>
    /// Reads metadata only; pixels are read later, by region, from the images returned. The result must be disposed: it holds the files open.
    /// </summary>
    /// <exception cref="MalformedFileException">The file is damaged beyond a partial answer.</exception>
    ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken);
}

/// <summary>Role of a file within its set.</summary>
public enum MemberRole { Primary, Part, Sidecar }

/// <summary>A file of a set. <paramref name="Name"/> is its relative path as the depositor knew it; <paramref name="Path"/> is where its bytes lie (stored bytes are named by digest).</summary>
public sealed record MemberFile(string Name, string Path)
{
    private readonly Lazy<string>? _copy;

    /// <summary>The file as somebody opened it who had the right to; null: it is opened by its path. Not ours to close.</summary>
    public SafeFileHandle? Opened { get; init; }

    /// <summary>Makes a copy for libraries that open files themselves, where its path cannot be opened again; null where it can.</summary>
    public Func<string>? Copy
    {
        init => _copy = value is null ? null : new Lazy<string>(value);
    }

    /// <summary>A path that any library can open.</summary>
    public string LibraryPath => _copy?.Value ?? Path;

    /// <summary>Opens it for reads at any offset. Handles must not outlive <see cref="Opened"/>.</summary>
    public SafeFileHandle Open() => Opened is { } opened
        ? new SafeFileHandle(opened.DangerousGetHandle(), ownsHandle: false)
        : File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
}

/// <summary>The files to be read together; the first is the one to start from.</summary>
public sealed record FileSetInput(IReadOnlyList<MemberFile> Members)
{
    public MemberFile Primary => Members[0];

    /// <summary>Finds a companion by its name beside the primary file (case-insensitive, as instrument PCs are); null where it is not (yet) here.</summary>
    public MemberFile? Find(string name)
    {
        var folder = Primary.Name.LastIndexOf('/') is var slash and >= 0 ? Primary.Name[..(slash + 1)] : "";
        return Members.FirstOrDefault(member => string.Equals(member.Name, folder + name, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>What a file set holds: its images, the vendor's own metadata, and what they mean in the vocabulary's terms.</summary>
public sealed class FileSetContent : IAsyncDisposable
{
    private readonly IReadOnlyList<IDisposable> _owned;

    public FileSetContent(IFormat format, params IReadOnlyList<IDisposable> owned)
    {
        Format = format;
        _owned = owned;
    }

    public IFormat Format { get; }

    /// <summary>Finer than <see cref="IFormat.Name"/> where the reader knows more, e.g. <c>TIFF (FEI SEM)</c>.</summary>
    public string? Variant { get; init; }

    public IReadOnlyList<IImageSource> Images { get; init; } = [];

    /// <summary>The vendor's full tree, keys and values as written.</summary>
    public JsonObject Original { get; init; } = [];

    public Acquisition Acquisition { get; init; } = new();

    /// <summary>Members in use with their roles; empty means the primary file alone.</summary>
    public IReadOnlyList<(string Name, MemberRole Role)> Members { get; init; } = [];

    /// <summary>Names (relative to the primary file's folder) of companions the files speak of, whether present or not.</summary>
    public IReadOnlyList<string> Companions { get; init; } = [];

    /// <summary>What a person should know: missing parts, guesses made, fields left unread.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public ValueTask DisposeAsync()
    {
        foreach (var item in _owned)
            item.Dispose();
        return ValueTask.CompletedTask;
    }
}
