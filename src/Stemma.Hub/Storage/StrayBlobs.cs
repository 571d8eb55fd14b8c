using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Storage;

/// <summary>Removes bytes in the store that have no row: left by a crash, or by a deposit whose commit failed, between the rename and the commit. One folder at a time.</summary>
internal sealed class StrayBlobs(NpgsqlDataSource database, LocalBlobStore store, TimeProvider clock)
{
    private const int ChunkNames = 1000;

    /// <param name="folder">First byte of the digests.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> SweepAsync(byte folder, CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow() - BlobRemoval.Grace;
        var removed = 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var names in store.Names(folder).Chunk(ChunkNames))
        {
            var known = (await connection.RowsAsync<byte[]>("select sha256 from blobs where sha256 = any (@digests)",
                new { digests = names.Select(name => name.ToBytes()).ToArray() }, cancellationToken)).Select(sha256 => Digest.From(sha256)).ToHashSet();
            foreach (var stray in names.Where(name => !known.Contains(name) && store.IsPlacedBefore(name, due)))
                if (await RemoveAsync(connection, stray, due, cancellationToken))
                    removed++;
        }

        return removed;
    }

    private async Task<bool> RemoveAsync(NpgsqlConnection connection, Digest stray, DateTimeOffset due, CancellationToken cancellationToken)
    {
        // A row of our own that is never committed. To write it waits for whoever is writing this row now, and fails if that one commits: also for a deposit whose sender, and hold,
        // are gone, but whose commit is still under way in the database.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.RunAsync("insert into blobs (sha256, size) values (@sha256, 0) on conflict do nothing", new { sha256 = stray.ToBytes() }, cancellationToken) == 0)
            return false;
        return store.TryRemove(stray, due);
    }
}
