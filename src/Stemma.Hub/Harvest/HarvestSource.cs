namespace Stemma.Hub.Harvest;

/// <summary>How files come in: their bytes are copied into the store, or stay on the share and are linked.</summary>
public enum HarvestMode { Copy, Link }

/// <summary>A source as its row has it.</summary>
internal sealed class HarvestSource
{
    public const string Columns = """
        s.id, s.name, s.folder, s.node_id, s.levels, s.dataset, s.mode, s.include, s.exclude, s.stable_seconds, s.poll_seconds,
        s.paused, s.sidecars, s.created_by, s.created_at, s.last_scan_at, s.last_problem, s.taking_problem,
        s.root_device, s.root_inode, s.version
        """;

    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string Folder { get; init; } = "";
    public Guid NodeId { get; init; }
    public int Levels { get; init; }
    public string Dataset { get; init; } = "";
    public HarvestMode Mode { get; init; }
    public string[] Include { get; init; } = [];
    public string[] Exclude { get; init; } = [];
    public int StableSeconds { get; init; }
    public int PollSeconds { get; init; }
    public bool Paused { get; init; }
    public bool Sidecars { get; init; }
    public Guid CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? LastScanAt { get; init; }
    public string? LastProblem { get; init; }
    public string? TakingProblem { get; init; }
    public string? RootDevice { get; init; }
    public long? RootInode { get; init; }
    public long Version { get; init; }

    /// <summary>As the database writes it.</summary>
    public string ModeWord => Mode.ToString().ToLowerInvariant();

    /// <summary>What its administrator is told: why it cannot be scanned, or why nothing is taken.</summary>
    public string? Problem => string.Join(" ", new[] { LastProblem, TakingProblem }.OfType<string>()) is { Length: > 0 } text ? text : null;
}
