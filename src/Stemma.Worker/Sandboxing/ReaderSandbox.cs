namespace Stemma.Worker.Sandboxing;

/// <summary>What stands between a reader child and this machine. <see cref="SandboxFinder"/> finds the best there is.</summary>
public abstract class ReaderSandbox
{
    // Debian's nobody: no files, no rights.
    private protected const uint Nobody = 65534;

    private protected ReaderSandbox()
    {
    }

    /// <summary>No sandbox.</summary>
    public static ReaderSandbox None { get; } = new NoSandbox("");

    /// <summary>One sentence for people: what a reader can and cannot reach.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it is all that this program knows to do.</summary>
    public virtual bool IsComplete => false;

    /// <summary>Whether children get their members as open files and close themselves to system calls that they do not need; else they open paths.</summary>
    internal virtual bool IsClosed => true;

    /// <summary>Whom the child's folder must belong to; null: the worker's user.</summary>
    internal virtual uint? User => null;

    /// <summary>Whether the child comes to its folder by its real path, as another user.</summary>
    internal virtual bool WalksToItsFolder => false;

    /// <summary>How many processes stand between the one started and the reader.</summary>
    internal virtual int LevelsToReader => 0;

    /// <summary>No sandbox though one was asked for.</summary>
    /// <param name="why">Sentences.</param>
    internal static ReaderSandbox Without(string why) => new NoSandbox($" {why}");

    /// <summary>The words before the child's own command.</summary>
    internal abstract IReadOnlyList<string> Before(WorkerOptions options, SandboxFolders folders);

    /// <summary>The child's folders as the child sees them.</summary>
    internal virtual SandboxFolders Inside(SandboxFolders folders) => folders;

    private sealed class NoSandbox(string why) : ReaderSandbox
    {
        public override string Description => $"Readers are not in a sandbox: a file that takes over its reader has the rights of this worker.{why}";

        internal override bool IsClosed => false;

        internal override IReadOnlyList<string> Before(WorkerOptions options, SandboxFolders folders) => [];
    }
}
