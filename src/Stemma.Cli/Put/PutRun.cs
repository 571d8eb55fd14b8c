using System.Diagnostics;
using System.Security.Cryptography;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Put;

/// <summary>One run of <c>stemma put</c>: sends what is not there yet, several files at once, and accounts for every single one.</summary>
internal sealed class PutRun(StemmaClient client, Node destination, SourceFiles source, PutOptions options) : IDisposable
{
    private const int ReadAhead = 2;
    private readonly Lock _gate = new();
    private readonly List<Unreadable> _failed = [];
    private readonly CancellationTokenSource _fatal = new();
    private Exception? _fatalReason;
    private int _deposited;
    private int _alreadyThere;
    private long _bytes;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _fatal.Token);
        using var progress = new ProgressLine(source.Files.Count, source.Files.Sum(file => file.Size), show: !options.Json);
        foreach (var unreadable in source.Unreadable)
            Fail(unreadable.Path, unreadable.Why, progress);
        var upload = new UploadOptions { Retry = new Retry { Patience = options.Patience, Waiting = (exception, _) => progress.Note($"the hub does not answer ({exception.Message}); trying again") } };
        var interrupted = false;
        try
        {
            var manifest = await Manifest.LoadAsync(client, destination.Id, stop.Token).ConfigureAwait(false);
            var unfinished = await UnfinishedAsync(upload, stop.Token).ConfigureAwait(false);
            // More than may be on their way: the next ones are read and hashed meanwhile.
            var atOnce = new ParallelOptions { MaxDegreeOfParallelism = options.Parallel + ReadAhead, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(Lots.Of(source.Files, options, upload.TogetherBytes), atOnce,
                async (lot, token) => await PutAsync(lot, manifest, unfinished, upload, progress, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            interrupted = _fatalReason is null;
        }

        progress.Dispose();
        Summarize(Stopwatch.GetElapsedTime(started), interrupted);
        if (_fatalReason is { } reason)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reason);
        return interrupted ? ExitCode.Interrupted : _failed.Count > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    public void Dispose() => _fatal.Dispose();

    private async Task<Dictionary<string, UnfinishedUpload>> UnfinishedAsync(UploadOptions upload, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, UnfinishedUpload>(StringComparer.Ordinal);
        if (!source.Files.Any(file => file.Size > upload.WholeFileBytes))
            return found;
        await foreach (var item in client.Deposits.UnfinishedAsync(cancellationToken).ConfigureAwait(false))
            if (item.Node == destination.Id && item.Path is { } path)
                found[path] = item;
        return found;
    }

    private async Task PutAsync(
        IReadOnlyList<SourceFile> lot, Manifest manifest, Dictionary<string, UnfinishedUpload> unfinished, UploadOptions upload, ProgressLine progress, CancellationToken cancellationToken)
    {
        List<SourceFile> missing = [];
        foreach (var file in lot)
            try
            {
                if (!await IsThereAsync(file, manifest, progress, cancellationToken).ConfigureAwait(false))
                    missing.Add(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Settle(file, exception, progress);
            }

        if (missing.Count > 1 && await SendTogetherAsync(missing, upload, progress, cancellationToken).ConfigureAwait(false))
            return;
        foreach (var file in missing)
            await SendAloneAsync(file, unfinished.GetValueOrDefault(file.Path), upload, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accounts for a file that the destination has.</summary>
    private async Task<bool> IsThereAsync(SourceFile file, Manifest manifest, ProgressLine progress, CancellationToken cancellationToken)
    {
        if (manifest.Find(destination, file.Path, options) is not { } known || known.Size != file.Size || await DigestAsync(file, cancellationToken).ConfigureAwait(false) != known.Sha256)
            return false;
        progress.Skip(file.Size);
        Tell(file, "alreadyThere", known.Id, null, known.Sha256);
        Interlocked.Increment(ref _alreadyThere);
        progress.FileDone();
        return true;
    }

    /// <returns>False: they are to be sent one by one, since the hub, or a proxy before it, does not take them so.</returns>
    private async Task<bool> SendTogetherAsync(List<SourceFile> files, UploadOptions upload, ProgressLine progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<SentTogether> sent;
        try
        {
            sent = await client.Deposits.SendTogetherAsync([.. files.Select(DepositOf)], upload, cancellationToken).ConfigureAwait(false);
        }
        catch (StemmaProblemException)
        {
            return false;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            foreach (var file in files)
                Settle(file, exception, progress);
            return true;
        }

        progress.Note(null);
        foreach (var (file, one) in files.Zip(sent))
            if (one.Result is { } result)
            {
                progress.Add(result.Size);
                Settle(file, result, progress);
            }
            else
                Settle(file, one.Failure!, progress);
        return true;
    }

    private async Task SendAloneAsync(SourceFile file, UnfinishedUpload? unfinished, UploadOptions upload, ProgressLine progress, CancellationToken cancellationToken)
    {
        long sent = 0;
        try
        {
            Settle(file, await client.Deposits.SendAsync(DepositOf(file), upload with { Sent = Count }, unfinished, cancellationToken).ConfigureAwait(false), progress);
        }
        catch (StemmaProblemException problem) when (problem.Status == 401 || (problem.Status is 403 or 404 && Volatile.Read(ref _deposited) == 0))
        {
            // What holds for this file will hold for all: a token that ended, a destination that may not be written.
            Interlocked.CompareExchange(ref _fatalReason, problem, null);
            progress.FileDone();
            await _fatal.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException or DigestMismatchException or UnauthorizedAccessException)
        {
            progress.Add(-sent);
            Settle(file, exception, progress);
        }

        void Count(long bytes)
        {
            sent += bytes;
            progress.Add(bytes);
            progress.Note(null);
        }
    }

    private Deposit DepositOf(SourceFile file) =>
        new(destination.Id, file.Path, file.Local) { Levels = options.Levels, Dataset = options.Dataset, Unpack = options.Unpacks(file.Path) };

    private void Settle(SourceFile file, DepositResult result, ProgressLine progress)
    {
        Tell(file, result.AlreadyThere ? "alreadyThere" : "deposited", result.FileId, result.FileSetId, result.Sha256);
        Interlocked.Increment(ref result.AlreadyThere ? ref _alreadyThere : ref _deposited);
        Interlocked.Add(ref _bytes, result.Size);
        progress.FileDone();
    }

    private void Settle(SourceFile file, Exception failure, ProgressLine progress)
    {
        progress.Skip(file.Size);
        Fail(file.Path, failure.Message, progress);
        progress.FileDone();
    }

    private static async Task<string> DigestAsync(SourceFile file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
    }

    private void Fail(string path, string reason, ProgressLine progress)
    {
        lock (_gate)
            _failed.Add(new Unreadable(path, reason));
        if (options.Json)
            JsonOutput.Write(new { path, result = "failed", reason });
        else
            progress.Line($"{Say.OneLine(path)}: {Say.OneLine(reason)}");
    }

    private void Tell(SourceFile file, string result, Guid fileId, Guid? fileSetId, string sha256)
    {
        if (options.Json)
            JsonOutput.Write(new { file.Path, result, fileId, fileSetId, file.Size, sha256 });
    }

    private void Summarize(TimeSpan time, bool interrupted)
    {
        if (options.Json)
            JsonOutput.Write(new { destination = destination.Id, deposited = _deposited, alreadyThere = _alreadyThere, failed = _failed.Count, bytes = _bytes, seconds = Math.Round(time.TotalSeconds, 3), interrupted, stopped = _fatalReason?.Message });
        else if (_fatalReason is null || _deposited + _alreadyThere + _failed.Count > 0)
            Console.Out.WriteLine($"{_deposited} deposited, {_alreadyThere} already there, {_failed.Count} failed ({Amounts.Bytes(_bytes)} in {Amounts.Duration(time)}).");
        if (interrupted)
            Say.Line("Interrupted. The same command goes on where this one stopped.");
        else if (_failed.Count > 0 && !options.Json)
            Say.Line("The same command tries again what failed, and sends nothing twice.");
    }
}
