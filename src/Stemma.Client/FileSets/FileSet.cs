using System.Text.Json;

namespace Stemma.Client;

/// <summary>Files that are read together.</summary>
/// <param name="Reading">waiting, reading, read, no_reader or failed.</param>
/// <param name="ReadingNote">The reason, for no_reader and failed.</param>
/// <param name="Files">Only where a single file set was asked for.</param>
public sealed record FileSet(
    Guid Id, Guid DatasetId, string Name, string? Origin, string Reading, string? ReadingNote, long Size, long FileCount, string? Format, string? FormatName,
    DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, long Version, long ImageCount, FileSetImage? Image, IReadOnlyList<StoredFile>? Files);

/// <summary>The first image of a set.</summary>
/// <param name="Shape">Array order, slowest first.</param>
public sealed record FileSetImage(int Index, string? Title, IReadOnlyList<long> Shape, string PixelType, JsonElement? Axes, string? Partial);

/// <summary>A file as the hub keeps it.</summary>
/// <param name="Path">Within its dataset.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Storage">stored or linked.</param>
public sealed record StoredFile(
    Guid Id, string Path, int Version, string? Role, long Size, string Sha256, string? MediaType, DateTimeOffset? ModifiedAt, DateTimeOffset? DepositedAt, string? Storage);
