using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Win32.SafeHandles;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Records;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

/// <summary>What became of a file that was due.</summary>
internal enum TakeOutcome { Taken, Unchanged, Moved, Waiting, Failed, Sidecar }

/// <summary>
/// Takes one file that has rested. Steps, in order: open beneath the root; see that it is still as noted, and that nobody writes; read it once, hashing (and in mode
/// copy receiving) on the way; see that it did not change meanwhile; then, known bytes are only noted, others deposited, the note in the same transaction.
/// A crash before that commit leaves the note as it was, and the file is taken again.
/// </summary>
internal sealed class FileTaker(
    NpgsqlDataSource database, HarvestEntries entries, DepositService deposits, LocalBlobStore store, EventWriter events, HubOptions options)
{
    private const int HashBufferBytes = 1 << 20;
    private const int MaxRetrySeconds = 3600;

    /// <exception cref="SourceAwayException">Something is wrong with the source or the hub, and not with this file.</exception>
    public async Task<TakeOutcome> TakeAsync(HarvestSource source, ShareFolder share, DueEntry entry, ObservationClock clock, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(source, share, entry, clock, cancellationToken);
        }
        catch (ShareException absent) when (absent.IsAbsent)
        {
            // The scan decides whether it is gone, or the whole share is.
            return await WaitAsync(source, entry, null, "It is not there at present.", clock, cancellationToken);
        }
        catch (ShareException away) when (away.IsAway)
        {
            throw share.Away(away);
        }
        catch (Problem storage) when (storage.Status is 503 or 507)
        {
            throw new SourceAwayException(storage.Message, storage);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or Problem)
        {
            if (refused is IOException && ShareCalls.IsAway(refused.HResult))
                throw new SourceAwayException($"The share of {share.Place.FullPath} does not answer as it should: {refused.Message}", refused);
            var seconds = Math.Min(MaxRetrySeconds, source.PollSeconds * Math.Pow(2, Math.Min(entry.Attempts, 12)));
            await entries.FailAsync(source.Id, entry, (refused as ShareException)?.Reason ?? refused.Message, clock.Now.AddSeconds(seconds), cancellationToken);
            return TakeOutcome.Failed;
        }
    }

    private async Task<TakeOutcome> ReadAsync(HarvestSource source, ShareFolder share, DueEntry entry, ObservationClock clock, CancellationToken cancellationToken)
    {
        using var file = share.OpenFile(entry.Path);
        var before = ShareCalls.Stamp(file, entry.Path);
        if (before.Kind != ShareItemKind.File)
            return await WaitAsync(source, entry, null, "Something that is no file has its name now.", clock, cancellationToken);
        if (!before.SameAs(entry.Size, entry.ModifiedAt))
            return await WaitAsync(source, entry, before, null, clock, cancellationToken);
        if (SidecarMark.MayBe(entry.Path) && await IsSidecarAsync(file, cancellationToken))
        {
            await entries.LeaveSidecarAsync(source.Id, entry, cancellationToken);
            return TakeOutcome.Sidecar;
        }

        if (share.IsLocal && ShareCalls.IsBeingWritten(file))
            return await WaitAsync(source, entry, before, "A program still has it open for writing.", clock, cancellationToken);
        // So large a file is not read in vain.
        if (before.Size > options.MaxFileBytes)
            throw StorageProblems.TooLarge(options.MaxFileBytes);

        using var incoming = source.Mode == HarvestMode.Copy ? store.Begin(before.Size) : null;
        long length;
        Digest digest;
        await using (var stream = new FileStream(file, FileAccess.Read, bufferSize: 0))
        {
            if (incoming is not null)
            {
                var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 256 << 10, leaveOpen: true));
                await incoming.ReceiveAsync(reader, options.MaxFileBytes, cancellationToken);
                await reader.CompleteAsync();
                (length, digest) = (incoming.Length, incoming.Digest());
            }
            else
                (length, digest) = await HashAsync(stream, cancellationToken);
            var after = ShareCalls.Stamp(file, entry.Path);
            if (!after.SameAs(before.Size, before.ModifiedAt) || length != before.Size)
                return await WaitAsync(source, entry, after, "It changed while it was read.", clock, cancellationToken);
        }

        if (entry.FileId is not null && entry.Sha256 is { } known && known.AsSpan().SequenceEqual(digest.ToBytes()) && await IsHeldAsync(entry.FileId.Value, cancellationToken))
            return await NoteUnchangedAsync(source, share, entry, before, cancellationToken);
        // Other bytes under a path that was taken are a new version of it, wherever they come from.
        if (entry.FileId is null && await NoteMovedAsync(source, share, entry, before, digest, clock, cancellationToken))
            return TakeOutcome.Moved;

        var content = incoming is not null
            ? new DepositContent(incoming)
            : new DepositContent(new LinkedPlace(share.Place.Root, PathBeneathRoot(share, entry.Path), before.ModifiedAt, before.Inode), digest, length);
        var destination = entry.FileId is { } former && await PresentPlaceAsync(former, cancellationToken) is { } place
            ? place : new Destination(source.NodeId, RelativePath.Parse(entry.Path), source.Levels, source.Dataset);
        await deposits.CommitAsync(Actor.Hub, destination, new DepositFacts(DepositedVia.Harvest, before.ModifiedAt), content, plan: null,
            (batch, fileId) => batch.Add(TakenSql, source.Id, entry.Path, digest.ToBytes(), fileId, entry.Size, entry.ModifiedAt, "taken"), cancellationToken);
        return TakeOutcome.Taken;
    }

    private static async Task<bool> IsSidecarAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var head = new byte[SidecarMark.HeadBytes];
        return SidecarMark.Begins(head.AsSpan(0, await RandomAccess.ReadAsync(file, head, 0, cancellationToken)));
    }

    // A scan may have seen the file change or go meanwhile: then that stands, beside what was taken.
    private const string TakenSql = """
        update harvest_entries set sha256 = $3, file_id = $4, taken_at = now(), attempts = 0, retry_at = null,
               state = case when state in ('gone', 'moved') then state when size = $5 and modified_at = $6 then $7 else 'growing' end,
               problem = null
        where source_id = $1 and path = $2
        """;

    private async Task<TakeOutcome> WaitAsync(HarvestSource source, DueEntry entry, FileStamp? seen, string? why, ObservationClock clock, CancellationToken cancellationToken)
    {
        await entries.KeepWaitingAsync(source.Id, entry, seen, why, clock.Now, cancellationToken);
        return TakeOutcome.Waiting;
    }

    private static async Task<(long Length, Digest Digest)> HashAsync(FileStream stream, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(HashBufferBytes);
        try
        {
            long length = 0;
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                length += count;
            }

            return (length, Digest.From(hash.GetHashAndReset()));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<bool> IsHeldAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowAsync<bool>($"select {HarvestEntries.Held("@fileId")}", new { fileId }, cancellationToken);
    }

    /// <summary>Where a file that was taken is now, since it may have been renamed or moved in the hub; null where it is in the trash, or gone from there too.</summary>
    private async Task<Destination?> PresentPlaceAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Of several versions the one that was taken need not be the current one.
        var (dataset, path) = await connection.RowAsync<(Guid Dataset, string? Path)>("""
            select present.dataset_id, present.path from files taken
            join files present on present.file_set_id = taken.file_set_id and present.path = taken.path and present.is_current
            join file_sets s on s.id = present.file_set_id join nodes d on d.id = present.dataset_id
            where taken.id = @fileId and s.trashed_at is null and d.trashed_at is null
            """, new { fileId }, cancellationToken);
        return path is null ? null : new Destination(dataset, RelativePath.Parse(path));
    }

    /// <summary>A link follows the file: its watch must not take a touch for a change, nor a rename for a loss. Does nothing for stored files.</summary>
    private static void RelinkTo(NpgsqlBatch batch, ShareFolder share, DueEntry entry, Guid fileId, FileStamp stamp) => batch.Add(
        "update linked_files set root = $2, path = $3, modified_at = $4, inode = $5, state = 'present', state_note = null, checked_at = now() where file_id = $1",
        fileId, share.Place.Root, PathBeneathRoot(share, entry.Path), stamp.ModifiedAt, stamp.Inode);

    /// <summary>Touched: other time, same bytes.</summary>
    private async Task<TakeOutcome> NoteUnchangedAsync(HarvestSource source, ShareFolder share, DueEntry entry, FileStamp stamp, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(TakenSql, source.Id, entry.Path, entry.Sha256, entry.FileId, entry.Size, entry.ModifiedAt, "unchanged");
        RelinkTo(batch, share, entry, entry.FileId!.Value, stamp);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        return TakeOutcome.Unchanged;
    }

    /// <summary>
    /// Renamed or moved within the source: the bytes were taken under a path that is not there any more, and the file kept its time. (Equal bytes alone
    /// say too little: the folders of a Zarr tree are full of equal small files.) The hub keeps the name under which the file came.
    /// </summary>
    private async Task<bool> NoteMovedAsync(
        HarvestSource source, ShareFolder share, DueEntry entry, FileStamp stamp, Digest digest, ObservationClock clock, CancellationToken cancellationToken)
    {
        if (entry.Size == 0)
            return false;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var candidates = await connection.QueryAsync<(string Path, Guid FileId, HarvestState State)>(new CommandDefinition($"""
            select path, file_id, state from harvest_entries
            where source_id = @Id and sha256 = @digest and path <> @Path and modified_at = @ModifiedAt and file_id is not null and state <> 'moved'
              and {HarvestEntries.Held("harvest_entries.file_id")}
            order by state = 'gone' desc, changed_at desc limit 100
            """, new { source.Id, digest = digest.ToBytes(), entry.Path, entry.ModifiedAt }, cancellationToken: cancellationToken));
        foreach (var (from, fileId, state) in candidates)
        {
            if (state != HarvestState.Gone && share.Probe(from) is not null)
                continue;
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Another hub may have come first: a path is moved from once.
            if (await connection.ExecuteAsync(new CommandDefinition("""
                update harvest_entries set state = 'moved', moved_to = @Path, changed_at = @Now, problem = null, attempts = 0, retry_at = null
                where source_id = @Id and path = @from and file_id = @fileId and state <> 'moved'
                """, new { source.Id, entry.Path, clock.Now, from, fileId }, transaction, cancellationToken: cancellationToken)) == 0)
                continue;
            await using (var batch = new NpgsqlBatch(connection))
            {
                batch.Add(TakenSql, source.Id, entry.Path, digest.ToBytes(), fileId, entry.Size, entry.ModifiedAt, "taken");
                RelinkTo(batch, share, entry, fileId, stamp);
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }

            var (dataset, set) = await connection.QuerySingleAsync<(Guid, Guid)>(new CommandDefinition(
                "select dataset_id, file_set_id from files where id = @fileId", new { fileId }, transaction, cancellationToken: cancellationToken));
            await events.WriteAsync(connection, Actor.Hub, new Happening("harvest.moved", "file", fileId, new JsonObject
            {
                ["source"] = new JsonObject { ["id"] = source.Id.ToString(), ["name"] = source.Name }, ["from"] = from, ["to"] = entry.Path, ["sha256"] = digest.Hex,
            }, set, dataset, source.Id), cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }

        return false;
    }

    private static string PathBeneathRoot(ShareFolder share, string path) => SharePlace.Join(share.Place.Relative, path);
}
