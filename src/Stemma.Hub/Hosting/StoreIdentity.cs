using System.Text;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Storage;

namespace Stemma.Hub.Hosting;

/// <summary>
/// A data folder and a database belong together: the folder has an identity (<c>store.id</c>), and the database records it. Rows without
/// their bytes, or two hubs that each sweep what the other receives, come of joining what does not belong together.
/// </summary>
internal sealed class StoreIdentity(NpgsqlDataSource database, HubOptions options)
{
    /// <summary>Blobs looked for where neither side has an identity yet: those that came last.</summary>
    private const int Sample = 100;

    private readonly string _file = Path.Combine(options.Data, "store.id");

    private sealed record Recorded(Guid Id, string Folder, string Host, DateTime StartedAt);

    /// <summary>Before the database is touched: refuses it if it belongs to another folder, and marks a new folder.</summary>
    /// <exception cref="SettingsException">They do not belong together; the message says what was found where, and what to do.</exception>
    public async Task<Guid> RequireAsync(CancellationToken cancellationToken)
    {
        var own = Read();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await IsThereAsync(connection, "store", cancellationToken)
            && await connection.RowAsync<Recorded>("select id, folder, host, started_at from store", null, cancellationToken) is { } recorded)
            return own == recorded.Id ? recorded.Id : throw Other(own, recorded);

        // Both are new, or as old as the time before identities: then the blobs say whether they belong together.
        var known = await IsThereAsync(connection, "blobs", cancellationToken)
            ? await connection.RowsAsync<byte[]>($"select sha256 from blobs order by created_at desc limit {Sample}", null, cancellationToken) : [];
        if (known.Count > 0 && !known.Exists(HasBlob))
            throw new SettingsException($"The database knows stored files, but none of the {known.Count} newest is in {options.BlobFolder}: the database belongs to another data folder. "
                + "Give that folder with --data, restore blobs/ from the backup that the database is from, or give this hub a database of its own (--postgres).");
        if (known.Count == 0 && Directory.EnumerateFiles(options.BlobFolder, "*", SearchOption.AllDirectories).Any())
            throw new SettingsException($"{options.BlobFolder} holds stored files, but the database is empty and knows none of them. Restore the database from its backup, or name the one that belongs "
                + $"to this folder with --postgres. To begin anew, give another folder with --data, or move {options.BlobFolder} away.");
        return own ?? Write(Guid.CreateVersion7());
    }

    /// <summary>After the database was brought to this version: records the folder, or that a hub started on it once more.</summary>
    /// <exception cref="SettingsException">Another hub, started at the same time, was first.</exception>
    public async Task RecordAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RunAsync("""
            insert into store as s (id, folder, host) values (@id, @Data, @Host)
            on conflict (only_one) do update set folder = excluded.folder, host = excluded.host, started_at = now() where s.id = excluded.id
            """, new { id, options.Data, Host = Environment.MachineName }, cancellationToken);
        if (rows == 0)
            throw Other(id, (await connection.RowAsync<Recorded>("select id, folder, host, started_at from store", null, cancellationToken))!);
    }

    private SettingsException Other(Guid? own, Recorded recorded) => new(
        $"The database belongs to another data folder: to {recorded.Folder} on {recorded.Host}, identity {recorded.Id}, where a hub last started on {recorded.StartedAt:yyyy-MM-dd HH:mm} UTC. "
        + (own is null ? $"{options.Data} has no identity ({_file} is missing). " : $"{options.Data} has the identity {own}. ")
        + "Either another hub uses this database, or one of both was restored from the backup of another hub. Give the folder that belongs to it with --data, or give this hub a database of its own (--postgres). "
        + $"Only if {options.BlobFolder} holds the files of this database, and no other hub runs on it, join them: echo {recorded.Id} > {_file}");

    private Guid? Read()
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(_file).AsSpan().Trim(), out var id) ? id
                : throw new SettingsException($"{_file} must hold the identity of the data folder, as in {Guid.Empty}, but holds something else. Restore it from a backup, or remove it to be told the identity that the database expects.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private Guid Write(Guid id)
    {
        var temporary = _file + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes($"{id}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _file, overwrite: true);
        Posix.SyncFolder(options.Data);
        // The identity is durable: now a row may speak of it. A crash here: a folder with an identity and no blobs, which an empty database takes.
        return id;
    }

    private bool HasBlob(byte[] sha256) => File.Exists(LocalBlobStore.PathOf(options.BlobFolder, Digest.From(sha256)));

    private static Task<bool> IsThereAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        connection.RowAsync<bool>("select to_regclass(@table) is not null", new { table }, cancellationToken);
}
