using Stemma.Hub.Projects;

namespace Stemma.Hub.Harvest;

/// <summary>A folder of a share that the hub watches.</summary>
/// <param name="Folder">Absolute path on the hub's machine.</param>
/// <param name="Node">Where files go.</param>
/// <param name="Levels">How many of a path's first folders become collections and a dataset.</param>
/// <param name="Dataset">The dataset that takes files in no folder.</param>
/// <param name="StableSeconds">A file is taken when it has not changed for so long.</param>
/// <param name="PollSeconds">The folder is looked through at least so often.</param>
/// <param name="Sidecars">Whether texts with the metadata may be written beside linked files in the folder, for projects that keep them.</param>
/// <param name="Problem">Why it cannot be scanned, why nothing is taken, or what is left out; null: all is well.</param>
/// <param name="ScanningSince">When the scan under way began; null: none is.</param>
public sealed record HarvestSourceRecord(
    Guid Id, string Name, string Folder, NodeName Node, int Levels, string Dataset, HarvestMode Mode, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude,
    int StableSeconds, int PollSeconds, bool Paused, bool Sidecars, DateTime? LastScanAt, DateTime? ScanningSince, string? Problem, HarvestCounts Entries,
    DateTime CreatedAt, Guid CreatedBy, long Version);

/// <summary>Files of a source by state.</summary>
public sealed record HarvestCounts(long Growing, long Taken, long Unchanged, long Failed, long Moved, long Gone);

/// <param name="Include">Globs of files to take; empty: all.</param>
/// <param name="Sidecars">Allows texts with the metadata to be written into the folder: off, since it is an instrument's.</param>
/// <param name="Exclude">Globs of files and folders to leave; left out: hidden and temporary names. <c>!</c> takes in again.</param>
public sealed record NewHarvestSource(
    string Name, string Folder, Guid NodeId, int Levels = 1, string Dataset = "Files", HarvestMode Mode = HarvestMode.Copy, IReadOnlyList<string>? Include = null,
    IReadOnlyList<string>? Exclude = null, int StableSeconds = 10, int PollSeconds = 60, bool Paused = false, bool Sidecars = false);

/// <summary>What is left out stays as it is.</summary>
/// <param name="Folder">Also when given as it is: from now on, whatever is mounted there is the source.</param>
public sealed record HarvestSourcePatch(
    string? Name = null, string? Folder = null, Guid? NodeId = null, int? Levels = null, string? Dataset = null, HarvestMode? Mode = null, IReadOnlyList<string>? Include = null,
    IReadOnlyList<string>? Exclude = null, int? StableSeconds = null, int? PollSeconds = null, bool? Paused = null, bool? Sidecars = null);

/// <summary>A file that was seen in a source.</summary>
public sealed class HarvestEntryRecord
{
    /// <summary>Beneath the source's folder.</summary>
    public required string Path { get; init; }
    public required long Size { get; init; }
    public required DateTime ModifiedAt { get; init; }
    public required HarvestState State { get; init; }
    /// <summary>Why it failed, or why it still waits.</summary>
    public string? Problem { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>What was taken last; null: nothing yet.</summary>
    public Guid? FileId { get; init; }

    public Guid? FileSetId { get; init; }
    public Guid? DatasetId { get; init; }

    /// <summary>Where it went on the share.</summary>
    public string? MovedTo { get; init; }

    public required DateTime FirstSeenAt { get; init; }

    /// <summary>When the hub last saw it change, by the hub's clock.</summary>
    public required DateTime ChangedAt { get; init; }
    public DateTime? TakenAt { get; init; }
    public int Attempts { get; init; }

    /// <summary>When a failed one is tried again.</summary>
    public DateTime? RetryAt { get; init; }
}

/// <summary>What a scan saw, and what the source's files are now. Files that have rested are taken after the answer.</summary>
public sealed record HarvestScanned(ScanCounts Scan, HarvestCounts Entries, string? Problem);
