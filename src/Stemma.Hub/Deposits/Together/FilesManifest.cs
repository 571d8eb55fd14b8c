using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Together;

/// <summary>A file of a request that deposits several.</summary>
/// <param name="Path">Path below the node, separated by <c>/</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="ModifiedAt">When it was last changed, as the depositor's file system says.</param>
public sealed record AnnouncedFile(string Path, long Size, string Sha256, DateTimeOffset? ModifiedAt = null);

/// <summary>The first line of a request that deposits several files: which they are. Their bytes follow in the same order, with nothing between them.</summary>
public sealed record FilesManifest(IReadOnlyList<AnnouncedFile> Files)
{
    public const string MediaType = "application/vnd.stemma.files";
    public const int MaxFiles = 256;
    public const long MaxBytes = 16 << 20;

    /// <exception cref="Problem">400: there is no such line, or it says what cannot be. 413: more than is taken in one request.</exception>
    internal static async Task<FilesManifest> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                try
                {
                    return Parse(result.Buffer.Slice(0, end));
                }
                finally
                {
                    body.AdvanceTo(result.Buffer.GetPosition(1, end));
                }
            }

            var length = result.Buffer.Length;
            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (length > RouteMetadata.MaxBodyBytes)
                throw Problem.Invalid($"The first line is longer than {RouteMetadata.MaxBodyBytes} bytes. It must be JSON that names the files, and end with a line feed (0A).");
            if (result.IsCompleted)
                throw Problem.Invalid("""The body has no first line. It must begin with a line of JSON, {"files":[{"path":…,"size":…,"sha256":…}]}, that ends with a line feed (0A); then come the bytes of the files.""");
        }
    }

    private static FilesManifest Parse(ReadOnlySequence<byte> line)
    {
        FilesManifest? manifest;
        try
        {
            var reader = new Utf8JsonReader(line);
            manifest = JsonSerializer.Deserialize<FilesManifest>(ref reader, WireJson.Options);
            if (reader.Read())
                throw new JsonException("there is more behind its end.");
        }
        catch (JsonException exception)
        {
            throw Problem.Invalid($"The first line is no JSON that names files: {exception.Message}");
        }

        if (manifest is not { Files.Count: > 0 })
            throw Problem.Invalid("The first line names no files.");
        if (manifest.Files.Count > MaxFiles)
            throw new Problem(413, "too-many-files", "Too many files at once", $"The request has {manifest.Files.Count} files; at most {MaxFiles} are taken at once. Send the others in a next request.");
        for (var index = 0; index < manifest.Files.Count; index++)
            if (manifest.Files[index] is not { Size: >= 0 and <= MaxBytes } file || !Digest.TryParse(file.Sha256, out _))
                throw Problem.Invalid($"File {index + 1} of the first line must have a size of 0 to {MaxBytes} bytes and a sha256 of 64 hexadecimal digits. Send larger files by themselves.");
        if (manifest.Files.Sum(file => file.Size) is var bytes and > MaxBytes)
            throw new Problem(413, "too-large", "The files are too large together", $"The files have {bytes} bytes together; at most {MaxBytes} are taken at once. Send them in several requests.");
        return manifest;
    }
}
