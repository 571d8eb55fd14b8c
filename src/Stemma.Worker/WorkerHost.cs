using System.Diagnostics;
using System.Threading.Channels;
using Stemma.Client;
using Stemma.Formats;
using Stemma.Worker.Host;
using Stemma.Worker.Reading;

namespace Stemma.Worker;

/// <summary>
/// Works for a hub: claims tasks, has them done by reader children, and hands in the results. A pipeline: while a child reads, the next task's bytes are made ready
/// and the last one's result is on its way.
/// </summary>
public sealed class WorkerHost(StemmaClient client, WorkerOptions options)
{
    private const int HandingInAtOnce = 8;
    private static readonly TimeSpan HandingInAfterwards = TimeSpan.FromSeconds(3);
    private static readonly Retry Retry = new();

    /// <summary>Works until <paramref name="stop"/>; tasks that have begun may then go on for <see cref="WorkerOptions.Grace"/>.</summary>
    /// <exception cref="StemmaProblemException">The token may not work here.</exception>
    /// <exception cref="InvalidOperationException">The reader command could not be started.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var scratch = new ScratchFolder(options.Scratch);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var abort = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        using var handingIn = new SemaphoreSlim(HandingInAtOnce);
        using var lastCall = new CancellationTokenSource();
        using var stopping = failed.Token.Register(() =>
        {
            abort.CancelAfter(options.Grace);
            lastCall.CancelAfter(options.Grace + HandingInAfterwards);
        });
        var leases = new Leases(client);
        var feed = new TaskFeed(client, options, leases, scratch);
        var ready = Channel.CreateBounded<ReadyTask>(options.Readers);
        var beating = leases.RunAsync(done.Token);
        var claiming = feed.RunAsync(failed.Token, abort.Token);
        var preparing = PrepareAllAsync(feed, ready.Writer, leases, failed.Token, lastCall.Token);
        var reading = Enumerable.Range(0, options.Readers).Select(_ => ReadAllAsync(feed, ready.Reader, leases, handingIn, lastCall.Token)).ToArray();
        // The first part that fails stops the others, and its reason is the one told.
        foreach (var part in (Task[])[claiming, preparing, .. reading])
            _ = part.ContinueWith(_ => failed.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await Task.WhenAll([claiming, preparing, .. reading]).ConfigureAwait(false);
        }
        finally
        {
            for (var slot = 0; slot < HandingInAtOnce; slot++)
                await handingIn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            await done.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(false);
        }
    }

    private sealed record ReadyTask(HeldTask Held, ChildTask Task);

    private async Task PrepareAllAsync(TaskFeed feed, ChannelWriter<ReadyTask> ready, Leases leases, CancellationToken stop, CancellationToken lastCall)
    {
        var inputs = new TaskInputs(client, options);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Readers).Select(_ => PrepareAsync())).ConfigureAwait(false);
        }
        finally
        {
            ready.Complete();
        }

        async Task PrepareAsync()
        {
            await foreach (var held in feed.Tasks.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                var handedOn = false;
                var (kind, reason) = (FailureKind.Internal, "the worker was stopped before it began");
                try
                {
                    stop.ThrowIfCancellationRequested();
                    await ready.WriteAsync(new ReadyTask(held, await inputs.PrepareAsync(held).ConfigureAwait(false)), stop).ConfigureAwait(false);
                    handedOn = true;
                }
                catch (OperationCanceledException)
                {
                    // Stopped, or nobody wants it any more.
                }
                catch (UnsupportedVariantException exception)
                {
                    (kind, reason) = (FailureKind.NoReader, exception.Message);
                }
                catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException)
                {
                    reason = $"the bytes of {held.Name} could not be had: {exception.Message}";
                }

                if (handedOn)
                    continue;
                feed.Taken();
                await HandInAsync(held, Outcome.Failed(held, kind, reason), leases, lastCall).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadAllAsync(TaskFeed feed, ChannelReader<ReadyTask> ready, Leases leases, SemaphoreSlim handingIn, CancellationToken lastCall)
    {
        await using var slot = new ReaderSlot(client, options);
        await foreach (var (held, task) in ready.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            feed.Taken();
            var started = Stopwatch.GetTimestamp();
            var outcome = await ReadAsync(slot, held, task).ConfigureAwait(false);
            feed.Took(Stopwatch.GetElapsedTime(started));
            await handingIn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            _ = HandInAndReleaseAsync();

            async Task HandInAndReleaseAsync()
            {
                try
                {
                    await HandInAsync(held, outcome, leases, lastCall).ConfigureAwait(false);
                }
                finally
                {
                    handingIn.Release();
                }
            }
        }
    }

    private static async Task<Outcome> ReadAsync(ReaderSlot slot, HeldTask held, ChildTask task)
    {
        try
        {
            return await slot.RunAsync(held, task).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Outcome.Failed(held, FailureKind.Internal, $"the worker was stopped while reading {held.Name}");
        }
        catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            return Outcome.Failed(held, FailureKind.Internal, exception.Message);
        }
    }

    /// <summary>Hands in, over lost connections too. A void attempt is dropped in silence: somebody else has the task.</summary>
    private async Task HandInAsync(HeldTask held, Outcome outcome, Leases leases, CancellationToken lastCall)
    {
        using (held)
        {
            try
            {
                if (held.IsVoid)
                    return;
                await Retry.RunAsync(async token =>
                {
                    if (outcome.Failure is { } failure)
                        await client.Tasks.FailAsync(held.Task.Id, failure, token).ConfigureAwait(false);
                    else
                        await client.Tasks.CompleteAsync(held.Task.Id, held.Task.Attempt, outcome.Result, outcome.Artifacts, token).ConfigureAwait(false);
                    return true;
                }, lastCall).ConfigureAwait(false);
                // That a file has no reader, or is damaged, is told where people look at the file.
                if (outcome.Failure is { Kind: not (FailureKind.NoReader or FailureKind.Damaged) } told)
                    options.Log($"{held.Name}: {told.Reason}");
            }
            catch (StemmaProblemException problem) when (problem.Status is 404 or 409)
            {
                options.Log($"{held.Name}: the result is not wanted any more: its files joined another set meanwhile, or another attempt was given out.");
            }
            catch (OperationCanceledException)
            {
                options.Log($"{held.Name}: the worker was stopped before the result was handed in; the hub will give the task out again.");
            }
            catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException)
            {
                await GiveUpAsync(held, exception).ConfigureAwait(false);
            }
            finally
            {
                leases.Remove(held);
            }
        }
    }

    private async Task GiveUpAsync(HeldTask held, Exception exception)
    {
        options.Log($"{held.Name}: the result could not be handed in: {exception.Message}");
        try
        {
            await client.Tasks.FailAsync(held.Task.Id, new TaskFailure(held.Task.Attempt, $"the result could not be handed in: {exception.Message}", FailureKind.Internal)).ConfigureAwait(false);
        }
        catch (Exception again) when (again is StemmaProblemException or HttpRequestException)
        {
            // The lease runs out, and the task is tried again.
        }
    }
}
