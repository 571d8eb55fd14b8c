using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>Deposits an archive's entries while the child takes out the next ones. Each entry takes the same path as any other file; what the hub refuses is noted with its reason.</summary>
internal sealed class EntryDeposits(StemmaClient client, HeldTask held, ReaderChild child) : IAsyncDisposable
{
    private const int AtOnce = 4;
    private static readonly Retry Retry = new();
    private readonly SemaphoreSlim _slots = new(AtOnce, AtOnce);
    private readonly List<Task> _running = [];
    private readonly List<RefusedEntry> _refused = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _deposited;
    private int _taken;

    /// <summary>Faults when an entry can never be deposited; the child would wait for it in vain.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Whether entries are still on their way; the child may then be waiting for us.</summary>
    public bool AreRunning => _slots.CurrentCount < AtOnce;

    public async Task AddAsync(ChildEntry entry)
    {
        await _slots.WaitAsync(held.Dropped).ConfigureAwait(false);
        _running.RemoveAll(task => task.IsCompletedSuccessfully);
        _running.Add(DepositAsync(entry));
    }

    /// <summary>Waits for the last ones and adds up.</summary>
    public async Task<TaskResult> FinishAsync(IReadOnlyList<RefusedEntry> refusedByReader)
    {
        await Task.WhenAll(_running).ConfigureAwait(false);
        return new TaskResult(Entries: _deposited, Refused: [.. refusedByReader, .. _refused]);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _slots.Dispose();
    }

    private async Task DepositAsync(ChildEntry entry)
    {
        try
        {
            var file = child.TakeOver(entry.File, held.MakeFolder());
            await Retry.RunAsync(token => client.Tasks.DepositEntryAsync(held.Task.Id, held.Task.Attempt, entry.Path, file, entry.Sha256, token), held.Dropped).ConfigureAwait(false);
            File.Delete(file);
            Interlocked.Increment(ref _deposited);
        }
        catch (StemmaProblemException problem) when (problem.Status is 400 or 413 or 422)
        {
            lock (_refused)
                _refused.Add(new RefusedEntry(entry.Path, problem.Message));
        }
        catch (Exception exception)
        {
            _failed.TrySetException(exception);
            throw;
        }
        finally
        {
            _slots.Release();
        }

        await child.SendAsync(new ChildRequest(Taken: Interlocked.Increment(ref _taken))).ConfigureAwait(false);
    }
}
