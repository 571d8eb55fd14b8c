using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>One place for a reader child: gives it one task at a time, and replaces it when it crashed, hung, grew, or has done its share.</summary>
internal sealed class ReaderSlot(StemmaClient client, WorkerOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(150);
    private ReaderChild? _child;

    /// <exception cref="OperationCanceledException">Nobody wants the result any more.</exception>
    public async Task<Outcome> RunAsync(HeldTask held, ChildTask task)
    {
        held.Dropped.ThrowIfCancellationRequested();
        var child = _child ??= await ReaderChild.StartAsync(options, Path.GetDirectoryName(held.Folder)!).ConfigureAwait(false);
        using var watching = new CancellationTokenSource();
        var memory = WatchMemoryAsync(child, watching.Token);
        try
        {
            var (outcome, retire) = await ConverseAsync(child, held, task).ConfigureAwait(false);
            child.TasksDone++;
            if (retire || child.TasksDone >= options.TasksPerReader || !child.TryCleanUp())
                await ReplaceAsync().ConfigureAwait(false);
            return outcome;
        }
        catch
        {
            // In the middle of a task: whatever it does now is of no use.
            child.End("was no longer needed");
            await ReplaceAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await watching.CancelAsync().ConfigureAwait(false);
            await memory.ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => ReplaceAsync();

    private async Task<(Outcome Outcome, bool Retire)> ConverseAsync(ReaderChild child, HeldTask held, ChildTask task)
    {
        await using var entries = new EntryDeposits(client, held, child);
        await child.BeginAsync(held, task).ConfigureAwait(false);
        while (true)
        {
            var (message, hung) = await ReadAsync(child, held, entries).ConfigureAwait(false);
            if (hung)
            {
                child.End($"said nothing for {options.SilentFor.TotalSeconds:0} s");
                return (Outcome.Failed(held, FailureKind.Timeout, $"the reader {await child.ExplainAsync().ConfigureAwait(false)} while reading {held.Name} and was ended"), true);
            }

            switch (message)
            {
                case { Alive: { } alive }:
                    (held.Progress, held.Note) = (alive.Progress, alive.Note);
                    break;
                case { Entry: { } entry }:
                    await entries.AddAsync(entry).ConfigureAwait(false);
                    break;
                case { Done: { } done }:
                    var result = task.Kind == "unpack"
                        ? TasksClient.Serialize(await entries.FinishAsync(System.Text.Json.JsonSerializer.Deserialize<TaskResult>(done.Result, ClientJson.Options)!.Refused ?? []).ConfigureAwait(false))
                        : System.Text.Encoding.UTF8.GetBytes(done.Result.GetRawText());
                    return (new Outcome(result, TakeOver(child, held, done.Artifacts), null), done.Retire);
                case { Failed: { } failed }:
                    return (Outcome.Failed(held, failed.Kind, failed.Reason), failed.Retire);
                default:
                    return (Outcome.Failed(held, FailureKind.Crashed, $"the reader {await child.ExplainAsync().ConfigureAwait(false)} while reading {held.Name}"), true);
            }
        }
    }

    /// <summary>Each artifact with its bytes, or the path of a file that the child cannot reach.</summary>
    private static Artifact[] TakeOver(ReaderChild child, HeldTask held, IReadOnlyList<Artifact> artifacts) =>
    [
        // One file may be several artifacts.
        .. from same in artifacts.GroupBy(artifact => artifact.Path)
           let bytes = same.Select(artifact => artifact.Bytes).FirstOrDefault(given => given is not null)
           let path = bytes is null ? child.TakeOver(same.Key, held.MakeFolder()) : same.Key
           from artifact in same
           select artifact with { Path = path, Bytes = bytes },
    ];

    private async Task<(ChildMessage? Message, bool Hung)> ReadAsync(ReaderChild child, HeldTask held, EntryDeposits entries)
    {
        var reading = child.ReadAsync(held.Dropped);
        while (true)
        {
            try
            {
                var first = await Task.WhenAny(reading, entries.Failed).WaitAsync(options.SilentFor).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                return (await reading.ConfigureAwait(false), false);
            }
            catch (TimeoutException)
            {
                // A child whose entries we still hold is waiting for us, not hanging.
                if (!entries.AreRunning)
                    return (null, true);
            }
        }
    }

    private async Task WatchMemoryAsync(ReaderChild child, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(MemoryInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested && child.ResidentBytes() > options.MemoryBytes)
                child.End($"needed more than {options.MemoryBytes / (1 << 20)} MiB of memory");
        }
    }

    private async ValueTask ReplaceAsync()
    {
        var child = Interlocked.Exchange(ref _child, null);
        if (child is not null)
            await child.DisposeAsync().ConfigureAwait(false);
    }
}
