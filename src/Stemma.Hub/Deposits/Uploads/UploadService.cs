using System.Collections.Concurrent;
using System.IO.Pipelines;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Uploads;

/// <summary>
/// Uploads that go on after the network, the browser or the hub was gone. The length of the incoming file is the truth about the offset;
/// the state of the hash is kept in memory between requests and computed anew from the file after a restart. The end takes the way of every deposit.
/// </summary>
internal sealed partial class UploadService(
    NpgsqlDataSource database, LocalBlobStore store, DepositService deposits, HubOptions options, TimeProvider clock, ILogger<UploadService> logger) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, Active> _active = new();

    public async Task<Upload> CreateAsync(Actor actor, long length, UploadMetadata metadata, CancellationToken cancellationToken)
    {
        if (length > options.MaxFileBytes)
            throw StorageProblems.TooLarge(options.MaxFileBytes);
        await deposits.RequireAsync(actor, metadata.Destination, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<Upload>(new CommandDefinition($"""
            insert into uploads as u (id, account_id, node_id, path, length, sha256, modified_at, unpack, levels, dataset_name, created_at, expires_at)
            values (@Id, @Account, @NodeId, @Path, @length, @Sha256, @ModifiedAt, @Unpack, @Levels, @Dataset, @Now, @Expires)
            returning {Upload.Columns}
            """, new
        {
            Id = Guid.CreateVersion7(), Account = actor.Id, metadata.Destination.NodeId, Path = metadata.Destination.Path.ToString(), length, Sha256 = metadata.Sha256?.ToBytes(),
            ModifiedAt = metadata.Facts.ModifiedAt?.UtcDateTime, metadata.Facts.Unpack, metadata.Destination.Levels, metadata.Destination.Dataset,
            Now = clock.GetUtcNow().UtcDateTime, Expires = Expiry(),
        }, cancellationToken: cancellationToken));
    }

    /// <exception cref="Problem">404: there is none, it expired, or it is somebody else's.</exception>
    public async Task<Upload> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Upload>(new CommandDefinition(
            $"select {Upload.Columns} from uploads u where u.id = @id and u.account_id = @Account and u.expires_at > @Now",
            new { id, Account = actor.Id, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken: cancellationToken)) ?? throw Problem.NotFound("such upload (any more)");
    }

    public async Task<IReadOnlyList<UnfinishedUpload>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Upload>(new CommandDefinition(
            $"select {Upload.Columns} from uploads u where u.account_id = @Account and u.file_id is null and u.expires_at > @Now order by u.id limit 1000",
            new { Account = actor.Id, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new UnfinishedUpload(row.Id, $"/api/v1/uploads/{row.Id}", row.NodeId, row.Path, row.Length, OffsetOf(row), row.ModifiedAt, row.CreatedAt, row.ExpiresAt))];
    }

    public long OffsetOf(Upload upload) => upload.FileId is not null ? upload.Length
        : _active.TryGetValue(upload.Id, out var active) && active.Blob is { Placed: true } placed ? placed.Length
        : store.LengthOf(upload.Id);

    /// <summary>Appends the body at an offset; the last byte makes the file.</summary>
    /// <exception cref="Problem">
    /// 409: the offset is another. 423: another request is writing. 460: the bytes are not those of the checksum (they are forgotten), or the whole is not what was announced
    /// (the upload is forgotten). Else as for every deposit.
    /// </exception>
    public Task<Upload> AppendAsync(Actor actor, Upload upload, long offset, PipeReader body, UploadChecksum? checksum, CancellationToken cancellationToken) =>
        AloneAsync(upload, async active =>
        {
            // Another request may have finished it while this one was on its way.
            upload = await FindAsync(actor, upload.Id, cancellationToken);
            var there = OffsetOf(upload);
            if (offset != there)
                throw Problem.Conflict("offset-mismatch", $"Upload-Offset is {offset}, but {there} bytes are here. Ask with HEAD and go on from there.");
            if (upload.FileId is not null)
                return upload;
            try
            {
                active.Blob ??= await Task.Run(() => store.Resume(upload.Id), cancellationToken);
                // Not before: an upload that cannot be read expires, however often it is tried.
                await ProlongAsync(upload.Id, cancellationToken);
                await ReceiveAsync(active.Blob, upload, body, checksum, cancellationToken);
                return active.Blob.Length == upload.Length ? await FinishAsync(actor, upload, active, cancellationToken) : upload;
            }
            catch when (active.Blob is not { Placed: true })
            {
                // Whatever happened, the file is the truth: it is hashed anew by whoever goes on.
                active.Close();
                throw;
            }
        });

    /// <summary>Makes the file of an upload whose bytes are all here, but whose last answer was lost with the hub.</summary>
    public async Task<Upload> FinishIfCompleteAsync(Actor actor, Upload upload, CancellationToken cancellationToken) =>
        upload.FileId is null && OffsetOf(upload) == upload.Length
            ? await AppendAsync(actor, upload, upload.Length, PipeReader.Create(Stream.Null), null, cancellationToken)
            : upload;

    public Task TerminateAsync(Upload upload, CancellationToken cancellationToken) => AloneAsync(upload, async active =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("delete from uploads where id = @Id", new { upload.Id }, cancellationToken: cancellationToken));
        Forget(upload.Id, active);
        return upload;
    });

    /// <summary>Sweeps what crashes left of everything but uploads that go on. At the start, before anything is received; it reads no file.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken) =>
        store.Sweep((await UnfinishedAsync(cancellationToken)).Select(upload => upload.Id).ToHashSet());

    /// <summary>Finishes uploads whose bytes were all here when the hub ended. It hashes them whole: not to be waited for by whoever starts.</summary>
    public async Task FinishCompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, account) in await UnfinishedAsync(cancellationToken))
        {
            // Whatever credential began it, it could add.
            var actor = new Actor(account, Roles.All["editor"], true, false, false);
            try
            {
                await FinishIfCompleteAsync(actor, await FindAsync(actor, id, cancellationToken), cancellationToken);
            }
            catch (Problem)
            {
                // The destination is gone, or the access to it: the sender hears it when asking, and the upload expires. Or the sender finishes it in this moment.
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(unreadable, id);
            }
        }
    }

    private async Task<List<(Guid Id, Guid Account)>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(Guid Id, Guid Account)>(new CommandDefinition(
            "select id, account_id from uploads where file_id is null and expires_at > @Now", new { Now = clock.GetUtcNow().UtcDateTime }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Forgets what expired, and closes files that nobody wrote to for a while.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        // One that is received in this moment stays until its request ends: what it writes from is not to be closed under it. Who comes after this finds it expired.
        var busy = _active.Where(one => one.Value.Gate.CurrentCount == 0).Select(one => one.Key).ToArray();
        var expired = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "delete from uploads where expires_at <= @now and id <> all (@busy) returning id", new { now, busy }, cancellationToken: cancellationToken))).AsList();
        foreach (var id in expired)
            Forget(id, _active.GetValueOrDefault(id));
        foreach (var (id, active) in _active)
            if (clock.GetElapsedTime(active.UsedAt) > TimeSpan.FromMinutes(10) && active.Gate.Wait(0, cancellationToken))
            {
                _active.TryRemove(id, out _);
                active.Close();
                active.Gate.Release();
            }

        return expired.Count;
    }

    public void Dispose()
    {
        // What a request still writes from is its own to close.
        foreach (var active in _active.Values)
            if (active.Gate.Wait(0))
            {
                active.Close();
                active.Gate.Release();
            }
    }

    private static async Task ReceiveAsync(IncomingBlob blob, Upload upload, PipeReader body, UploadChecksum? checksum, CancellationToken cancellationToken)
    {
        if (checksum is null)
        {
            try
            {
                await blob.ReceiveAsync(body, upload.Length, cancellationToken);
            }
            finally
            {
                // Also what came before the line broke is here to stay. A crash before this: the file may be shorter, and the sender goes on from there.
                await blob.SyncAsync();
            }

            return;
        }

        using var before = blob.Here();
        try
        {
            await blob.ReceiveAsync(body, upload.Length, cancellationToken, checksum.Hash);
            if (!checksum.Matches())
                throw new Problem(460, "checksum-mismatch", "The bytes are not those of the checksum", $"The {blob.Length - before.Length} bytes of this request were damaged on the way and forgotten. Send them again from offset {before.Length}.");
        }
        catch
        {
            // Unchecked bytes are as bad as wrong ones.
            blob.Rewind(before);
            throw;
        }

        await blob.SyncAsync();
    }

    private async Task<Upload> FinishAsync(Actor actor, Upload upload, Active active, CancellationToken cancellationToken)
    {
        var blob = active.Blob!;
        if (upload.Sha256 is { } announced && blob.Digest() is var received && received != Digest.From(announced))
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync("delete from uploads where id = @Id", new { upload.Id });
            var mismatch = DepositService.Mismatch(Digest.From(announced), received, blob.Length);
            Forget(upload.Id, active);
            throw new Problem(460, mismatch.Slug, mismatch.Title, mismatch.Message);
        }

        var deposited = await deposits.CommitAsync(actor, upload.Destination, upload.Facts, new DepositContent(blob), null,
            (batch, file) => batch.Add("update uploads set file_id = $2 where id = $1", upload.Id, file), cancellationToken);
        Forget(upload.Id, active);
        return upload with { FileId = deposited.File.Id, FileSetId = deposited.FileSetId };
    }

    private async Task<Upload> AloneAsync(Upload upload, Func<Active, Task<Upload>> act)
    {
        var active = _active.GetOrAdd(upload.Id, _ => new Active());
        if (!await active.Gate.WaitAsync(0))
            throw new Problem(423, "locked", "Another request is writing", "Another request is writing to this upload. Wait until it has ended, ask for the offset with HEAD, and go on from there.") { RetryAfterSeconds = 1 };
        try
        {
            return await act(active);
        }
        finally
        {
            active.UsedAt = clock.GetTimestamp();
            active.Gate.Release();
        }
    }

    private void Forget(Guid id, Active? active)
    {
        active?.Close();
        _active.TryRemove(id, out _);
        store.Discard(id);
    }

    /// <exception cref="Problem">404: it expired while its bytes were read.</exception>
    private async Task ProlongAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteAsync(new CommandDefinition("update uploads set expires_at = @Expires where id = @id", new { id, Expires = Expiry() }, cancellationToken: cancellationToken)) == 0)
            throw Problem.NotFound("such upload (any more)");
    }

    [LoggerMessage(1, LogLevel.Warning, "The bytes of upload {Upload} are all here, but could not be read and finished. Its sender can try again until it expires.")]
    private partial void LogUnreadable(Exception problem, Guid upload);

    private DateTime Expiry() => clock.GetUtcNow().UtcDateTime.AddDays(options.UploadDays);

    private sealed class Active
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public IncomingBlob? Blob { get; set; }

        public long UsedAt { get; set; } = TimeProvider.System.GetTimestamp();

        public void Close()
        {
            Blob?.Dispose();
            Blob = null;
        }
    }
}
