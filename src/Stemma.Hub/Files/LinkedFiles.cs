using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Harvest;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <param name="Folder">Absolute folder on the hub's machine, beneath one of the administrator's roots.</param>
/// <param name="Path">Of the file in that folder; it is also the path of the deposit.</param>
public sealed record LinkFile(string Folder, string Path, int? Levels = null, string? Dataset = null);

/// <summary>Files that stay where they are: linking, reading, and taking their bytes in.</summary>
internal sealed class LinkedFiles(NpgsqlDataSource database, HubOptions options, DepositService deposits, LocalBlobStore store, EventWriter events)
{
    private const int HashBufferBytes = 1 << 20;

    /// <summary>Notes a file's digest, size and time, without copying a byte.</summary>
    /// <exception cref="Problem">400: outside the roots. 409: it cannot be read, is no file, or changed while it was read. Else as for every deposit.</exception>
    public async Task<Deposited> LinkAsync(Actor actor, Guid nodeId, LinkFile request, CancellationToken cancellationToken)
    {
        var destination = new Destination(nodeId, RelativePath.Parse(request.Path), request.Levels ?? Destination.DefaultLevels, request.Dataset ?? Destination.DefaultDataset);
        await deposits.RequireAsync(actor, destination, cancellationToken);
        var place = SharePlace.Find(options, request.Folder);
        var path = SharePlace.Join(place.Relative, request.Path);
        await using var file = Open(place.Root, path, out var before);
        var digest = await HashAsync(file, cancellationToken);
        if (!ShareCalls.Stamp(file.SafeFileHandle, path).SameAs(before.Size, before.ModifiedAt))
            throw Changed(path, "It changed while it was read.");
        return await deposits.CommitAsync(actor, destination, new DepositFacts(DepositedVia.Link, before.ModifiedAt),
            new DepositContent(new LinkedPlace(place.Root, path, before.ModifiedAt, before.Inode), digest, before.Size), plan: null, also: null, cancellationToken);
    }

    /// <summary>Opens a linked file, if it is still of the size and time that it had.</summary>
    /// <exception cref="Problem">410: it is not what was linked.</exception>
    public FileStream OpenUnchanged(string root, string path, long size, DateTime modifiedAt)
    {
        var file = Open(root, path, out var stamp);
        if (stamp.SameAs(size, modifiedAt))
            return file;
        file.Dispose();
        throw Changed(path, stamp.Size == size ? "It was written to, or touched, since it was linked." : $"It has {stamp.Size} bytes, and had {size} when it was linked.");
    }

    private sealed record Row
    {
        public string Path { get; init; } = "";
        public long Size { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public string? Root { get; init; }
        public string? LinkedPath { get; init; }
        public DateTime? LinkedModifiedAt { get; init; }
    }

    /// <summary>Copies the bytes of a linked file into the store, where nobody changes them any more. A file that is stored already stays as it is.</summary>
    /// <exception cref="Problem">404, 403: see <see cref="FileSetAccess"/>. 410: it is not what was linked, in size, time or bytes.</exception>
    public async Task<FileRecord> TakeInAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.Edit, cancellationToken);
        var file = (await connection.RowAsync<Row>("""
            select f.path, f.size, f.sha256, l.root, l.path as linked_path, l.modified_at as linked_modified_at
            from files f left join linked_files l on l.file_id = f.id and f.blob_sha256 is null where f.id = @id
            """, new { id }, cancellationToken))!;
        if (file is not { Root: { } root, LinkedPath: { } linkedPath, LinkedModifiedAt: { } modifiedAt })
            return await FileQueries.ByIdAsync(connection, id, cancellationToken);

        using var incoming = store.Begin(file.Size);
        await using (var stream = OpenUnchanged(root, linkedPath, file.Size, modifiedAt))
        {
            var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 256 << 10, leaveOpen: true));
            await incoming.ReceiveAsync(reader, options.MaxFileBytes, cancellationToken);
            await reader.CompleteAsync();
        }

        var digest = Digest.From(file.Sha256);
        if (incoming.Digest() != digest)
            throw Changed(linkedPath, $"Its SHA-256 was {digest} when it was linked, and is {incoming.Digest()} now.");
        var placed = await store.PlaceAsync(incoming, replace: false);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var set = await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.Edit, cancellationToken);
        // Bytes that were there before are relied upon only with their row, held; without one they are placed anew (Storage/README.md).
        if (!placed && await connection.RowAsync<int?>("select 1 from blobs where sha256 = @Sha256 for key share", new { file.Sha256 }, cancellationToken) is null)
            await store.PlaceAsync(incoming, replace: true);
        var changed = await connection.RunAsync("""
            insert into blobs (sha256, size) values (@Sha256, @Size) on conflict (sha256) do update set removal_marked_at = null;
            update files set blob_sha256 = sha256 where id = @id and blob_sha256 is null;
            """, new { id, file.Sha256, file.Size }, cancellationToken);
        if (await connection.RunAsync("delete from linked_files where file_id = @id", new { id }, cancellationToken) > 0 && changed > 0)
            await events.WriteAsync(connection, actor, new Happening("file.taken-in", "file", id, new JsonObject
            {
                ["path"] = file.Path, ["size"] = file.Size, ["sha256"] = digest.Hex, ["linked"] = new JsonObject { ["root"] = root, ["path"] = linkedPath },
            }, set.Id, set.DatasetId), cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return await FileQueries.ByIdAsync(connection, id, cancellationToken);
    }

    private FileStream Open(string root, string path, out FileStamp stamp)
    {
        if (!options.Roots.Contains(root, StringComparer.Ordinal))
            throw Changed(path, "The folder that it lies in is no root any more; the administrator names roots in the setting Roots.");
        try
        {
            using var share = ShareFolder.Open(new SharePlace(root, ""));
            var handle = share.OpenFile(path);
            stamp = ShareCalls.Stamp(handle, path);
            if (stamp.Kind == ShareItemKind.File)
                return new FileStream(handle, FileAccess.Read, bufferSize: 0);
            handle.Dispose();
            throw Changed(path, "Something that is no file has its name.");
        }
        catch (ShareException refused)
        {
            throw Changed(path, $"It cannot be opened: {refused.Reason}. Links are not followed.");
        }
        catch (SourceAwayException away)
        {
            throw Changed(path, away.Message);
        }
    }

    private static async Task<Digest> HashAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashBufferBytes];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            hash.AppendData(buffer, 0, count);
        return Digest.From(hash.GetHashAndReset());
    }

    private static Problem Changed(string path, string why) => new(410, "linked-file-gone", "The linked file is not there as it was",
        $"{path} stays outside the hub and is not what was linked. {why}");
}
