using System.Text.Json;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Files;

/// <summary>Files read together.</summary>
/// <param name="DatasetName">For lists of several datasets.</param>
/// <param name="Name">Path of the primary file in the dataset, or of the folder that is read as one.</param>
/// <param name="Origin">raw, derived or rebuildable.</param>
/// <param name="Reading">waiting, reading, read, no_reader or failed.</param>
/// <param name="ReadingNote">Why, in one line, for no_reader and failed.</param>
/// <param name="Size">Of its current files, in bytes.</param>
/// <param name="Format">Stable id of the format; null until it was read.</param>
/// <param name="Image">The first image; null where there is none.</param>
/// <param name="Thumbnail">Address of the first image's thumbnail.</param>
/// <param name="Task">The reading that waits or runs; null otherwise.</param>
public record FileSet(
    Guid Id, Guid DatasetId, string DatasetName, string Name, string Origin, string Reading, string? ReadingNote, long Size, long FileCount, IReadOnlyList<string> Tags,
    string? Format, string? FormatName, DateTime CreatedAt, DateTime ModifiedAt, long Version, long ImageCount, Image? Image, string? Thumbnail, FileSetTask? Task);

/// <summary>A file set with all that is known of it.</summary>
/// <param name="Acquisition">Term → {value, unit, source}.</param>
/// <param name="Path">Its dataset and what that lies in, as far as the caller may see; root first.</param>
/// <param name="ShownFirst">Acquisition terms that its project shows first of such files, in this order; null: the usual ones.</param>
/// <param name="Licence">Its own; null: as its dataset. <paramref name="Effective"/> says what applies.</param>
public sealed record FileSetDetail(
    [property: System.Text.Json.Serialization.JsonIgnore] FileSet Summary, IReadOnlyList<FileRecord> Files, IReadOnlyList<Image> Images, JsonElement? Acquisition, IReadOnlyList<string> Warnings, ExtractionFacts? Extraction,
    IReadOnlyList<NodeName> Path, IReadOnlyList<Capability> Capabilities, string? Licence, string? RightsHolder, DateTime? EmbargoUntil, DateTime? RetainUntil, bool LegalHold,
    EffectiveTerms Effective, IReadOnlyList<string> Awaited, IReadOnlyList<string>? ShownFirst) : FileSet(Summary);

/// <summary>One n-D array in a file set.</summary>
/// <param name="Shape">Array order, slowest first.</param>
/// <param name="Axes">As in <c>stemma inspect</c>, in array order.</param>
/// <param name="Partial">What is missing, where the file holds fewer pixels than announced.</param>
/// <param name="Preview">What the preview shows, its size, and source pixels per preview pixel.</param>
/// <param name="SpectrumUrl">Of a spectrum image, where its mean spectrum is; told with the set alone, not in lists.</param>
public sealed record Image(
    int Index, string? Title, IReadOnlyList<long> Shape, string PixelType, JsonElement Axes, string? Partial, JsonElement? Preview, string? ThumbnailUrl, string? PreviewUrl, string? SpectrumUrl);

public sealed record FileSetTask(string State, float? Progress, string? Note, int Attempt);

/// <summary>How a set was read last.</summary>
/// <param name="MappingVersion">Of how original keys become terms of the vocabulary.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ExtractionFacts(string Format, string ReaderVersion, string MappingVersion, string SoftwareVersion, double Seconds, DateTime CreatedAt);
