using System.Security.Cryptography;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Put;
using Stemma.Cli.Terminal;
using Stemma.Client;
using Stemma.Hub.Sidecars;

namespace Stemma.Cli.Harvest;

/// <param name="Stable">A file must have looked the same for so long.</param>
/// <param name="Poll">How often the folder is looked at.</param>
/// <param name="Once">Take what is there, then end.</param>
internal sealed record HarvestOptions(int? Levels, string? Dataset, TimeSpan Stable, TimeSpan Poll, bool Once, bool Json);

/// <summary>Takes files from an instrument's folder as they come to rest. Reads only; restarts go on from the journal; nothing is taken twice, and a renamed file is known by its digest.</summary>
internal sealed class HarvestRun(StemmaClient client, Guid destination, string folder, HarvestJournal journal, HarvestOptions options)
{
    private readonly StableFiles _stable = new(options.Stable, TimeProvider.System);
    private readonly HashSet<string> _complained = new(StringComparer.Ordinal);
    /// <summary>Texts that a hub wrote beside files, as they were when they were looked into.</summary>
    private readonly HashSet<(string Path, long Size, DateTime Modified)> _sidecars = [];
    private int _failed;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var watch = new FolderWatch(folder);
        try
        {
            if (options.Once)
                return await OnceAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                await LookAsync(cancellationToken).ConfigureAwait(false);
                await watch.WaitAsync(options.Poll, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return options.Once ? ExitCode.Interrupted : ExitCode.Done;
        }
    }

    private async Task<int> OnceAsync(CancellationToken cancellationToken)
    {
        var waiting = await LookAsync(cancellationToken).ConfigureAwait(false);
        if (waiting > 0)
        {
            await Task.Delay(options.Stable + TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
            waiting = await LookAsync(cancellationToken).ConfigureAwait(false);
        }

        if (waiting > 0)
            Say.Line($"{waiting} files are still changing and were left for the next time.");
        return _failed > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    /// <returns>How many files are new but have not come to rest.</returns>
    private async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            Complain("", $"{folder} is not there at the moment; looking again every {options.Poll.TotalSeconds:0} s.");
            return 0;
        }

        _complained.Remove("");
        var found = SourceFiles.Find([folder + "/."], cancellationToken);
        foreach (var unreadable in found.Unreadable)
            Complain(unreadable.Path, $"{unreadable.Path}: {unreadable.Why}");
        _stable.Keep(found.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal));
        var waiting = 0;
        foreach (var file in found.Files)
        {
            var modified = File.GetLastWriteTimeUtc(file.Local);
            if (journal.At(file.Path) is { } taken && taken.Size == file.Size && taken.Modified == modified)
                continue;
            if (IsSidecar(file, modified))
                continue;
            if (_stable.See(file.Path, file.Size, modified))
                await TakeAsync(file, modified, cancellationToken).ConfigureAwait(false);
            else
                waiting++;
        }

        return waiting;
    }

    private bool IsSidecar(SourceFile file, DateTime modified)
    {
        if (!SidecarMark.MayBe(file.Path))
            return false;
        if (_sidecars.Contains((file.Path, file.Size, modified)))
            return true;
        try
        {
            using var text = new FileStream(file.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return SidecarMark.Begins(text) && _sidecars.Add((file.Path, file.Size, modified));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Taking it will tell.
            return false;
        }
    }

    private async Task TakeAsync(SourceFile file, DateTime modified, CancellationToken cancellationToken)
    {
        try
        {
            if (await KnownAsync(file, cancellationToken).ConfigureAwait(false) is { } same)
            {
                journal.Add(same with { Path = file.Path, Modified = modified, TakenAt = DateTimeOffset.UtcNow, RenamedFrom = same.Path });
                Tell(file, same.Path == file.Path ? "unchanged" : "renamed", same.FileId, same.Path);
                _stable.Forget(file.Path);
                return;
            }

            var deposit = new Deposit(destination, file.Path, file.Local) { Levels = options.Levels, Dataset = options.Dataset };
            var upload = new UploadOptions { Retry = new Retry { Patience = options.Once ? TimeSpan.FromMinutes(10) : TimeSpan.MaxValue, Waiting = (exception, _) => Complain("hub", $"The hub does not answer ({exception.Message}); trying again.") } };
            var result = await client.Deposits.SendAsync(deposit, upload, cancellationToken: cancellationToken).ConfigureAwait(false);
            _complained.Remove("hub");
            _complained.Remove(file.Path);
            var now = new FileInfo(file.Local);
            if (now.Exists && (now.Length != result.Size || now.LastWriteTimeUtc != modified))
            {
                // It was written to meanwhile: what was sent stays as a version, and the file is taken again when it has come to rest.
                _stable.Forget(file.Path);
                return;
            }

            journal.Add(new TakenFile(file.Path, result.Size, modified, result.Sha256, result.FileId, DateTimeOffset.UtcNow, null));
            Tell(file, result.AlreadyThere ? "alreadyThere" : "deposited", result.FileId, null);
            _stable.Forget(file.Path);
        }
        catch (StemmaProblemException problem) when (problem.Status is 401)
        {
            throw;
        }
        catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException or UnauthorizedAccessException or DigestMismatchException)
        {
            // Looked at again when it has been at rest for another while.
            _failed++;
            _stable.Forget(file.Path);
            Complain(file.Path, $"{file.Path}: {exception.Message}");
        }
    }

    /// <summary>Bytes that were taken before and are no longer where they were: the file was renamed or moved. Where both are there, it is a copy and is deposited as such.</summary>
    private async Task<TakenFile?> KnownAsync(SourceFile file, CancellationToken cancellationToken)
    {
        if (!journal.HasSize(file.Size))
            return null;
        string digest;
        await using (var stream = new FileStream(file.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18, FileOptions.SequentialScan))
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        return journal.WithDigest(digest) is { } same && (same.Path == file.Path || !File.Exists(Path.Combine(folder, same.Path))) ? same : null;
    }

    private void Complain(string about, string message)
    {
        if (_complained.Add(about))
            Say.Line(Say.OneLine(message));
    }

    private void Tell(SourceFile file, string result, Guid fileId, string? renamedFrom)
    {
        if (options.Json)
            JsonOutput.Write(new { file.Path, result, fileId, file.Size, renamedFrom, at = DateTimeOffset.UtcNow });
        else
            Console.Out.WriteLine($"{Say.OneLine(file.Path)}  {result}{(renamedFrom is null || renamedFrom == file.Path ? "" : $" (was {Say.OneLine(renamedFrom)})")}");
    }
}
