using System.Text.Json.Nodes;

namespace Stemma.Client;

/// <summary>What a task gave: reading a file set (all but the last two), or unpacking an archive (the last two). What does not apply is null, and is said so on the wire.</summary>
/// <param name="Format">Stable id of the format.</param>
/// <param name="FormatName">What a person reads, with the variant.</param>
/// <param name="Seconds">How long reading took.</param>
/// <param name="Acquisition">Term → {value, unit, source}.</param>
/// <param name="Members">Roles of the files, by name.</param>
/// <param name="Companions">Names, beside the primary file, of further files that the set speaks of.</param>
/// <param name="Entries">How many entries were deposited.</param>
/// <param name="Refused">Entries that were not, each with the reason.</param>
public sealed record TaskResult(
    string? Format = null, string? FormatName = null, string? ReaderVersion = null, string? MappingVersion = null, string? SoftwareVersion = null, double? Seconds = null,
    IReadOnlyList<ExtractedImage>? Images = null, JsonObject? Acquisition = null, IReadOnlyList<string>? Warnings = null,
    IReadOnlyList<ExtractedMember>? Members = null, IReadOnlyList<string>? Companions = null,
    int? Entries = null, IReadOnlyList<RefusedEntry>? Refused = null);

/// <param name="Shape">Array order, slowest first.</param>
/// <param name="Axes">In the same order.</param>
/// <param name="Partial">What is missing, where fewer pixels are in the file than announced.</param>
/// <param name="Preview">What the preview shows; null where the image could not be rendered.</param>
public sealed record ExtractedImage(
    int Index, string? Title, IReadOnlyList<long> Shape, string PixelType, JsonArray Axes, string? Partial, JsonObject? Preview);

/// <param name="Role">primary, part or sidecar.</param>
public sealed record ExtractedMember(string Name, string Role);

public sealed record RefusedEntry(string Name, string Why);

/// <summary>A file made beside the result: <c>original</c>, <c>thumbnail-0</c>, <c>preview-0</c> …</summary>
/// <param name="Path">Where its bytes lie on this machine. Artifacts of one path are the same bytes.</param>
/// <param name="Bytes">The bytes themselves, where they are few; nothing lies at the path then.</param>
public sealed record Artifact(string Name, string MediaType, string Path, byte[]? Bytes = null);
