using Stemma.Formats;
using Stemma.Worker.Sandboxing;

namespace Stemma.Worker;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions
{
    /// <summary>Command line that starts a reader child (<c>stemma read-child</c>): program, then arguments. <c>--memory BYTES</c> is added, and in a sandbox <c>--channel DESCRIPTOR</c>.</summary>
    public required IReadOnlyList<string> ChildCommand { get; init; }

    /// <summary>What stands between readers and this machine; <see cref="SandboxFinder"/> finds the best there is.</summary>
    public required ReaderSandbox Sandbox { get; init; }

    /// <summary>Reader children, each doing one task at a time.</summary>
    /// <value>The number of processors.</value>
    public int Readers { get; init; } = Environment.ProcessorCount;

    /// <summary>Kinds of task to take. Files are read again (<c>reread</c>) only by a worker whose readers are the newest that the hub knows.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["extract", "unpack", "reread"];

    /// <summary>The readers that the children have: announced to the hub, which reads files again when they are newer than those it knew.</summary>
    public FormatRegistry Formats { get; init; } = FormatRegistry.Default;

    /// <summary>Name shown to people.</summary>
    /// <value>Host and process.</value>
    public string Name { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The hub's blob folder where it is on this machine; null: bytes are fetched from the hub. Linked files are then looked for in place, too.</summary>
    public string? Blobs { get; init; }

    /// <summary>Folder for what tasks need for a moment.</summary>
    /// <value>The system's temporary folder.</value>
    public string Scratch { get; init; } = Path.GetTempPath();

    /// <summary>Folder of the settings of whoever started the worker, which may hold a token; no reader may see it. Null: there is none.</summary>
    public string? Settings { get; init; }

    /// <summary>Members of one set that readers in a sandbox take: each is an open file of the worker and of its reader.</summary>
    /// <value>4,096</value>
    public int MembersAtOnce { get; init; } = 4096;

    /// <summary>A reader that says nothing for so long is ended.</summary>
    /// <value>2 minutes</value>
    public TimeSpan SilentFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A reader that needs more memory than this is ended.</summary>
    /// <value>2 GiB</value>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>A reader is replaced after so many tasks.</summary>
    /// <value>500</value>
    public int TasksPerReader { get; init; } = 500;

    /// <summary>Niceness of the readers, so that deposits and pages go first; 0 leaves it.</summary>
    /// <value>10</value>
    public int Niceness { get; init; } = 10;

    /// <summary>How long tasks that have begun may go on when the worker is stopped.</summary>
    /// <value>5 s</value>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told one line at a time what people may want to know.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
