using System.Text.Json;

namespace Stemma.Hub.Extraction;

/// <summary>What reading a file set gave, as the worker tells it. The bytes of artifacts come as further parts of the same request.</summary>
/// <param name="Format">Stable id of the format.</param>
/// <param name="FormatName">What a person reads, with the variant.</param>
/// <param name="MappingVersion">Of how original keys became terms; left out by workers before it was told apart from the reader's: 1.</param>
/// <param name="Acquisition">Term → {value, unit, source}.</param>
/// <param name="Members">Roles of the files, by name.</param>
/// <param name="Companions">Names, beside the primary file, of further files that the set speaks of.</param>
/// <param name="Entries">Unpacking: how many entries were deposited.</param>
/// <param name="Refused">Unpacking: entries that were not, each with the reason.</param>
public sealed record ExtractionResult(
    string? Format, string? FormatName, string? ReaderVersion, string? SoftwareVersion, double? Seconds,
    IReadOnlyList<ExtractedImage>? Images, JsonElement? Acquisition, IReadOnlyList<string>? Warnings,
    IReadOnlyList<ExtractedMember>? Members, IReadOnlyList<string>? Companions,
    int? Entries, IReadOnlyList<RefusedEntry>? Refused, string? MappingVersion = null);

/// <param name="Shape">Array order, slowest first.</param>
public sealed record ExtractedImage(int Index, string? Title, long[] Shape, string PixelType, JsonElement Axes, string? Partial, JsonElement? Preview);

public sealed record ExtractedMember(string Name, string Role);

public sealed record RefusedEntry(string Name, string Why);
