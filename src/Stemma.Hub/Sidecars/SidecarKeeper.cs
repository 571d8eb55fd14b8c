using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Harvest;
using Stemma.Hub.Hosting;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sidecars;

/// <summary>
/// Keeps the texts beside linked files as the catalog is: written where they are wanted, written again when what they say changes, removed when they are wanted no more. Works on
/// what is now and not on what happened, so that many changes are one writing, and doing it twice does it once. One hub at a time.
/// </summary>
internal sealed partial class SidecarKeeper(NpgsqlDataSource database, SidecarReader reader, HubOptions options, TimeProvider clock, ILogger<SidecarKeeper> logger) : BackgroundService
{
    private const int BatchSize = 200;

    /// <summary>After so many vain tries, over some days, a text whose folder is not there is given up.</summary>
    private const int MostRemovals = 20;

    private const long Lock = 0x7369_6465_6361; // "sideca"
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>So long a share may take for one text.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What a share was asked last, by root: while that hangs, nothing else waits for it.</summary>
    private readonly Dictionary<string, Task> _asked = new(StringComparer.Ordinal);

    private sealed record Change(long Id, Guid ObjectId, bool IsNode);

    /// <summary>Takes in one batch of changes, and what is to be tried again.</summary>
    /// <returns>How many; 0 when nothing waits, or another hub is at it.</returns>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.RowAsync<bool>("select pg_try_advisory_lock(@Lock)", new { Lock }, cancellationToken))
            return 0;
        try
        {
            var changes = await connection.RowsAsync<Change>($"select id, object_id, is_node from sidecar_changes order by id limit {BatchSize}", null, cancellationToken);
            var due = await connection.RowsAsync<Guid>($"select distinct f.file_set_id from sidecars t join files f on f.id = t.file_id where t.retry_at <= @Now limit {BatchSize}", new { Now = clock.GetUtcNow() }, cancellationToken);
            foreach (var node in changes.Where(change => change.IsNode).DistinctBy(change => change.ObjectId))
                await SidecarRows.SpreadAsync(connection, node.ObjectId, cancellationToken);
            if (changes.Where(change => !change.IsNode).Select(change => change.ObjectId).Concat(due).Distinct().ToArray() is { Length: > 0 } sets)
                await KeepAsync(connection, sets, cancellationToken);
            // After the work: a hub that ends before does it again. What changed meanwhile has a higher number.
            await connection.RunAsync("delete from sidecar_changes where id = any (@ids)", new { ids = changes.Select(change => change.Id).ToArray() }, cancellationToken);
            return changes.Count + due.Count;
        }
        finally
        {
            await connection.RunAsync("select pg_advisory_unlock(@Lock)", new { Lock }, CancellationToken.None);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyLoop.RunAsync(
        // Changes gather for a moment: an edit of five fields is one text.
        async cancellationToken => await TakeAsync(cancellationToken) < BatchSize ? Pause : TimeSpan.Zero, LogFailed, TimeSpan.FromSeconds(5), TimeProvider.System, stoppingToken);

    private async Task KeepAsync(NpgsqlConnection connection, Guid[] sets, CancellationToken cancellationToken)
    {
        var writable = await WritableFolders.LoadAsync(connection, options, cancellationToken);
        var rows = await SidecarRows.OfAsync(connection, sets, cancellationToken);
        foreach (var target in await SidecarTarget.LoadAsync(connection, sets, cancellationToken))
        {
            // What stands in the way now is not done away with by writing elsewhere: first the old text goes.
            var isCleared = true;
            foreach (var row in rows[target.FileSetId])
                if (!target.IsWanted || row.FileId != target.FileId)
                    isCleared &= await RemoveAsync(connection, row, forget: true, cancellationToken);
                else if (row.Ours.Count > 0 && (row.Root, row.Path) != (target.Root, target.TextPath))
                    isCleared &= await RemoveAsync(connection, row, forget: false, cancellationToken);
            if (target.IsWanted && isCleared)
                await KeepOneAsync(connection, target, (await SidecarRows.OfAsync(connection, [target.FileSetId], cancellationToken))[target.FileSetId].FirstOrDefault(), writable, cancellationToken);
        }
    }

    private async Task KeepOneAsync(NpgsqlConnection connection, SidecarTarget target, SidecarRow? row, WritableFolders writable, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (why, until) = target switch
        {
            _ when !writable.Hold(target.Root!, target.LinkedPath) => ("No harvest source allows texts in its folder; an administrator can allow them at the source.", (DateTime?)null),
            // Who may read the share need not be who may see the project: under an embargo nothing is told there.
            { EmbargoUntil: { } embargo } when embargo > now => ($"It is under embargo until {embargo:yyyy-MM-dd}.", embargo),
            _ => (null, null),
        };
        if (why is not null)
        {
            if (row is null || row.Ours.Count == 0 || await RemoveAsync(connection, row, forget: false, cancellationToken))
                await SidecarRows.WithheldAsync(connection, target, why, until, cancellationToken);
            return;
        }

        if (target.LinkState != "present")
        {
            await SidecarRows.WithheldAsync(connection, target, "The file is not where it was linked, or was changed there.", null, cancellationToken);
            return;
        }

        // Reading comes soon, and says more.
        if (!target.IsRead && row is null)
            return;
        byte[] text;
        try
        {
            text = SidecarText.Write(await reader.ReadAsync(connection, Actor.Hub, target.FileSetId, target.Origin, cancellationToken));
        }
        catch (Problem)
        {
            // Thrown away meanwhile, which is a change of its own.
            return;
        }

        await WriteAsync(connection, target, row, text, cancellationToken);
    }

    /// <summary>Steps: note the digest; put the text there; note that it is there. After a crash in between, what is found there is known by either digest.</summary>
    private async Task WriteAsync(NpgsqlConnection connection, SidecarTarget target, SidecarRow? row, byte[] text, CancellationToken cancellationToken)
    {
        var digest = SHA256.HashData(text);
        if (row is { State: "written", Sha256: { } known } && known.AsSpan().SequenceEqual(digest))
            return;
        if (!await SidecarRows.BeginAsync(connection, target, digest, cancellationToken))
        {
            await SidecarRows.WithheldAsync(connection, target, "The text of another file set stands there: the same file is linked twice.", clock.GetUtcNow().UtcDateTime.AddHours(1), cancellationToken);
            return;
        }

        var noted = row ?? new SidecarRow { FileId = target.FileId };
        await AskAsync(connection, target.Root!, noted, share =>
            new ShareText(share, target.TextPath).Put(target.FileName, text, $".stemma-{target.FileId:n}{SidecarMark.Suffix}", [.. noted.Ours, digest], target.IsUnchanged),
            () => SidecarRows.WrittenAsync(connection, target.FileId, digest, clock.GetUtcNow(), cancellationToken), cancellationToken);
    }

    /// <param name="forget">Whether nothing more is to be known of it afterwards.</param>
    /// <returns>Whether nothing of ours is there any more.</returns>
    private async Task<bool> RemoveAsync(NpgsqlConnection connection, SidecarRow row, bool forget, CancellationToken cancellationToken)
    {
        var isGone = row.Ours.Count == 0 || row.Attempts >= MostRemovals;
        if (!isGone)
            isGone = await AskAsync(connection, row.Root, row, share => new ShareText(share, row.Path).Remove(row.Ours), () => Task.CompletedTask, cancellationToken, isRemoval: true);
        if (isGone)
            await (forget ? SidecarRows.ForgetAsync(connection, row.FileId, cancellationToken) : SidecarRows.ClearedAsync(connection, row.FileId, cancellationToken));
        return isGone;
    }

    /// <summary>Has something done on a share, and notes what it says.</summary>
    /// <param name="isRemoval">A text that is somebody's now needs no removing.</param>
    private async Task<bool> AskAsync(NpgsqlConnection connection, string root, SidecarRow row, Action<ShareFolder> what, Func<Task> done, CancellationToken cancellationToken, bool isRemoval = false)
    {
        var (state, why) = ("failed", "");
        try
        {
            if (!options.Roots.Contains(root, StringComparer.Ordinal))
                throw new SourceAwayException("The folder lies beneath no root any more (setting Roots).");
            if (_asked.TryGetValue(root, out var before) && !before.IsCompleted)
                throw new TimeoutException();
            _asked[root] = Task.Run(() =>
            {
                using var share = ShareFolder.Open(new SharePlace(root, ""));
                what(share);
            }, CancellationToken.None);
            await _asked[root].WaitAsync(Patience, clock, cancellationToken);
            await done();
            return true;
        }
        catch (ForeignTextException foreign)
        {
            if (isRemoval)
                return true;
            (state, why) = ("foreign", foreign.Message);
        }
        catch (ShareException refused)
        {
            why = refused.IsAbsent ? "The file is not there as it was linked, or the share is not mounted." : $"The share refuses: {refused.Reason}.";
        }
        catch (SourceAwayException)
        {
            why = "The share cannot be reached.";
        }
        catch (TimeoutException)
        {
            why = "The share does not answer.";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            why = $"The share refuses: {refused.Message}";
        }

        await SidecarRows.FailedAsync(connection, row, state, why, clock.GetUtcNow(), cancellationToken);
        return false;
    }

    [LoggerMessage(1, LogLevel.Warning, "Texts beside linked files could not be kept; trying again in a moment")]
    private partial void LogFailed(Exception problem);
}
