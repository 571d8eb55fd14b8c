using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Extraction;

/// <summary>
/// Removes derived bytes that no row names. A result is handed in within the grace, so its files are young when their row is not there yet; should one be hit all the same,
/// it is made again, as every artifact that is missing.
/// </summary>
internal sealed class ArtifactRemoval(NpgsqlDataSource database, ArtifactStore store, TimeProvider clock)
{
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    private const int ChunkNames = 1000;

    /// <param name="part">First byte of the digests.</param>
    /// <returns>How many files were removed.</returns>
    public async Task<int> SweepAsync(byte part, CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow() - Grace;
        var removed = 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var names in store.Names(part, due).Chunk(ChunkNames))
        {
            var named = (await connection.RowsAsync<byte[]>("select distinct sha256 from artifacts where sha256 = any (@digests)",
                new { digests = names.Select(Convert.FromHexString).ToArray() }, cancellationToken)).Select(Convert.ToHexStringLower).ToHashSet();
            removed += names.Count(name => !named.Contains(name) && store.Remove(name, due));
        }

        return removed + store.RemoveUnfinished(due);
    }
}
