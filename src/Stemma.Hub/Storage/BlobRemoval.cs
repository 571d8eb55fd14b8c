using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Storage;

/// <summary>
/// Removes stored bytes that no file refers to, in the steps of README.md: mark the row, wait, recheck it under its lock, unlink, delete the row. One folder at a time.
/// </summary>
internal sealed class BlobRemoval(NpgsqlDataSource database, LocalBlobStore store, TimeProvider clock)
{
    /// <summary>How long a mark stands before the bytes go, and how long bytes lie in the store before anybody thinks of removing them.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    private const int BatchRows = 50;

    private const string Range = "b.sha256 >= @from and b.sha256 <= @to";

    private const string Referred = "exists (select from files f where f.sha256 = b.sha256 and f.blob_sha256 is not null)";

    /// <summary>A test's place to come between the recheck and the unlinking.</summary>
    internal Func<Task> Rechecked { get; set; } = () => Task.CompletedTask;

    /// <param name="folder">First byte of the digests.</param>
    /// <returns>How many blobs were removed.</returns>
    public async Task<int> SweepAsync(byte folder, CancellationToken cancellationToken)
    {
        byte[] from = [folder, .. new byte[31]], to = [folder, .. Enumerable.Repeat((byte)0xff, 31)];
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // A deposit clears marks itself; one that committed while the mark was set did not see it.
        await connection.RunAsync($"""
            update blobs b set removal_marked_at = null where {Range} and b.removal_marked_at is not null and {Referred};
            update blobs b set removal_marked_at = @now where {Range} and b.removal_marked_at is null and not {Referred};
            """, new { from, to, now }, cancellationToken);
        var removed = 0;
        while (await RemoveAsync(connection, from, to, now - Grace, cancellationToken) is { } batch)
            (removed, from) = (removed + batch.Removed, batch.Last);
        return removed;
    }

    private sealed record Batch(int Removed, byte[] Last);

    /// <returns>Null when there was nothing left to try from the given digest on.</returns>
    private async Task<Batch?> RemoveAsync(NpgsqlConnection connection, byte[] from, byte[] to, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Another hub, or a deposit that relies on them, may have some of the rows.
        var locked = (await connection.RowsAsync<byte[]>($"""
            select b.sha256 from blobs b where b.sha256 > @from and b.sha256 <= @to and b.removal_marked_at <= @due and not {Referred}
            order by b.sha256 limit {BatchRows} for update of b skip locked
            """, new { from, to, due }, cancellationToken)).ToArray();
        if (locked.Length == 0)
            return null;
        // Locked: from here on no deposit can clear a mark, and no file can come to refer to them. What was committed before the locks were given is seen only by a new statement.
        var free = await connection.RowsAsync<byte[]>(
            $"select b.sha256 from blobs b where b.sha256 = any (@locked) and b.removal_marked_at <= @due and not {Referred}", new { locked, due }, cancellationToken);
        await Rechecked();
        // A deposit that is about to wait for the row holds the bytes: then they stay, and the row with them.
        var gone = free.Where(sha256 => store.TryRemove(Digest.From(sha256), due)).ToArray();
        // The bytes are unlinked, the row is not yet gone. A crash here, or a commit that fails: a marked row without bytes that nobody refers to. The next round deletes it,
        // and a deposit that comes before finds no bytes and places its own.
        await connection.RunAsync("delete from blobs where sha256 = any (@gone)", new { gone }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Batch(gone.Length, locked[^1]);
    }
}
