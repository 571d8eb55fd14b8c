using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Storage;

/// <summary>Removes bytes in the store that have no row: left by a crash, or by a deposit whose commit failed, between the rename and the commit. One folder at a time.</summary>
internal sealed partial class StrayBlobs(NpgsqlDataSource database, LocalBlobStore store, TimeProvider clock, ILogger<StrayBlobs> logger)
{
    /// <summary>Long, since there are few, and since after a restored backup of the database what is newer than the backup has no row either.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    private const int ChunkNames = 1000;

    /// <param name="folder">First byte of the digests.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> SweepAsync(byte folder, CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow() - Grace;
        var known = 0;
        List<Digest> strays = [];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var names in store.Names(folder).Chunk(ChunkNames))
        {
            var rows = (await connection.RowsAsync<byte[]>("select sha256 from blobs where sha256 = any (@digests)",
                new { digests = names.Select(name => name.ToBytes()).ToArray() }, cancellationToken)).Select(sha256 => Digest.From(sha256)).ToHashSet();
            known += rows.Count;
            strays.AddRange(names.Where(name => !rows.Contains(name) && store.IsPlacedBefore(name, due)));
        }

        // Crashes leave few. Where most bytes have no row, it is the database that is wrong: an empty one, or that of another hub.
        if (strays.Count > known)
        {
            LogOutnumbered(strays.Count, folder, known);
            return 0;
        }

        var removed = 0;
        foreach (var stray in strays)
            if (await RemoveAsync(connection, stray, due, cancellationToken))
                removed++;
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

    [LoggerMessage(1, LogLevel.Warning, "{Strays} blobs in folder {Folder:x2} have no row in the database, which knows {Known} there. They stay: see that it is the database of this data folder.")]
    private partial void LogOutnumbered(int strays, byte folder, int known);
}
