using System.Threading.Channels;
using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>Claims tasks in batches, as many as will be done in a moment: small files keep the readers busy between two requests, large ones are left for other workers.</summary>
internal sealed class TaskFeed(StemmaClient client, WorkerOptions options, Leases leases, ScratchFolder scratch)
{
    private const int LargestClaim = 32;
    private const double SecondsAhead = 0.5;
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private readonly Channel<HeldTask> _tasks = Channel.CreateUnbounded<HeldTask>();
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private double _secondsPerTask = SecondsAhead;
    private int _waiting;

    public ChannelReader<HeldTask> Tasks => _tasks.Reader;

    /// <summary>Told when a reader takes a task.</summary>
    public void Taken()
    {
        Interlocked.Decrement(ref _waiting);
        _taken.Writer.TryWrite(true);
    }

    /// <summary>Told how long a task took; the mean of late decides how many are claimed ahead.</summary>
    public void Took(TimeSpan time) => _secondsPerTask = (_secondsPerTask * 0.9) + (time.TotalSeconds * 0.1);

    /// <param name="stop">No more tasks are claimed.</param>
    /// <param name="abort">Held tasks are dropped.</param>
    /// <exception cref="StemmaProblemException">The token may not work here.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var retry = new Retry { Patience = TimeSpan.MaxValue, Waiting = Complain };
        try
        {
            var generation = await AnnounceAsync(retry, stop).ConfigureAwait(false);
            while (!stop.IsCancellationRequested)
            {
                var wanted = Math.Clamp((int)(options.Readers * SecondsAhead / Math.Max(_secondsPerTask, 0.001)), options.Readers, LargestClaim);
                if (Volatile.Read(ref _waiting) is var waiting && waiting > wanted / 2)
                {
                    await _taken.Reader.ReadAsync(stop).ConfigureAwait(false);
                    continue;
                }

                var claimed = await retry.RunAsync(token => client.Tasks.ClaimAsync(new ClaimRequest(options.Name, options.Kinds, wanted - waiting, generation), LongPoll, token), stop).ConfigureAwait(false);
                foreach (var task in claimed)
                {
                    var held = new HeldTask(task, scratch.Of(task), abort);
                    leases.Add(held);
                    Interlocked.Increment(ref _waiting);
                    _tasks.Writer.TryWrite(held);
                }

                // An empty answer before the long poll's end means that two claims met: not at once again.
                if (claimed.Count == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(50), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            _tasks.Writer.Complete();
        }
    }

    /// <returns>Null: the hub knows newer readers, or is older than this worker and does not ask for them.</returns>
    private async Task<int?> AnnounceAsync(Retry retry, CancellationToken stop)
    {
        var announcement = new ReadersAnnouncement(options.Name, FileSetReader.SoftwareVersion,
            [.. options.Formats.Formats.Select(format => new AnnouncedReader(format.Id, format.Name, format.ReaderVersion, format.MappingVersion))]);
        try
        {
            var answer = await retry.RunAsync(token => client.Tasks.AnnounceAsync(announcement, token), stop).ConfigureAwait(false);
            if (answer.Generation is null)
                options.Log("The hub knows newer readers than this worker has: it reads new files, but none again. Update it.");
            return answer.Generation;
        }
        catch (StemmaProblemException problem) when (problem.Status == 404)
        {
            return null;
        }
    }

    private void Complain(Exception exception, TimeSpan wait) =>
        options.Log($"The hub does not answer ({exception.Message}); trying again in {wait.TotalSeconds:0.#} s.");
}
