using System.Security.Cryptography;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Get;

/// <summary>One run of <c>stemma get</c>: fetches what is not here yet; every file's digest is checked, and none that differs is overwritten unless asked for.</summary>
internal sealed class GetRun(StemmaClient client, Wanted wanted, bool force, bool json)
{
    private const int Parallel = 4;
    private int _fetched;
    private int _alreadyHere;
    private int _failed;

    /// <param name="output">Folder or file to write to; null for the current folder.</param>
    public async Task<int> RunAsync(string? output, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(wanted.Files.Count, wanted.Files.Sum(file => file.Size), show: !json);
        var options = new DownloadOptions
        {
            Retry = new Retry { Waiting = (exception, _) => progress.Note($"the hub does not answer ({exception.Message}); trying again") },
            Received = bytes =>
            {
                progress.Add(bytes);
                progress.Note(null);
            },
        };
        await System.Threading.Tasks.Parallel.ForEachAsync(wanted.Files, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (file, token) => await FetchAsync(file, output, options, progress, token).ConfigureAwait(false)).ConfigureAwait(false);
        progress.Dispose();
        if (json)
            JsonOutput.Write(new { fetched = _fetched, alreadyHere = _alreadyHere, failed = _failed });
        else if (!wanted.IsFile || _failed > 0)
            Console.Out.WriteLine($"{_fetched} fetched, {_alreadyHere} already here, {_failed} failed.");
        return _failed > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private async Task FetchAsync(WantedFile file, string? output, DownloadOptions options, ProgressLine progress, CancellationToken cancellationToken)
    {
        try
        {
            var target = Target(file, output) ?? throw new LocalFileException("its path would lead out of the output folder; fetch it by its id with --output FILE");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            if (await IsHereAsync(file, target, cancellationToken).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _alreadyHere);
                progress.Skip(file.Size);
                Tell(file, target, "alreadyHere");
                return;
            }

            if (!force && Path.Exists(target))
                throw new LocalFileException($"{target} is another file and was left alone. Overwrite it with --force, or choose another --output.");
            await client.Downloads.FetchAsync(file.Id, file.Size, file.Sha256, target, options, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _fetched);
            Tell(file, target, "fetched");
        }
        catch (Exception exception) when (exception is StemmaProblemException or HttpRequestException or IOException or UnauthorizedAccessException or DigestMismatchException)
        {
            Interlocked.Increment(ref _failed);
            if (json)
                JsonOutput.Write(new { file.Path, result = "failed", reason = exception.Message });
            else
                progress.Line($"{Say.OneLine(file.Path)}: {Say.OneLine(exception.Message)}");
        }
        finally
        {
            progress.FileDone();
        }
    }

    private string? Target(WantedFile file, string? output)
    {
        if (!wanted.IsFile)
            return SafePath.Below(Path.Combine(output ?? ".", output is null ? SafePath.FolderName(wanted.Name) : ""), file.Path);
        return output is not null && !Directory.Exists(output) && !Path.EndsInDirectorySeparator(output) ? output : SafePath.Below(output ?? ".", file.Path);
    }

    private static async Task<bool> IsHereAsync(WantedFile file, string target, CancellationToken cancellationToken)
    {
        if (new FileInfo(target) is not { Exists: true } here || here.Length != file.Size)
            return false;
        await using var stream = here.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)) == file.Sha256;
    }

    private void Tell(WantedFile file, string target, string result)
    {
        if (json)
            JsonOutput.Write(new { file.Path, result, target, file.Size, file.Sha256 });
    }
}
