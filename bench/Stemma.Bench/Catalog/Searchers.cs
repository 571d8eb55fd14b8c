using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Catalog;

/// <summary>Who asks: an administrator, who sees all; a member who sees about a tenth; one who sees little.</summary>
internal static class Searchers
{
    private const double Typical = 0.1, Little = 0.005;

    public static async Task<IReadOnlyList<Searcher>> ChooseAsync(HubProcess hub, NpgsqlConnection connection)
    {
        var shares = new List<(Guid Account, double Share)>();
        await using (var command = new NpgsqlCommand("""
            select a.id, (select count(*) from nodes n where n.kind = 'dataset' and n.scope_id in (select s.scope_id from scopes_of(a.id, 63) s where s.capabilities & 1 <> 0))::float8
                / (select count(*) from nodes n where n.kind = 'dataset')
            from accounts a where a.person_id is not null and not a.is_administrator
            """, connection))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                shares.Add((reader.GetGuid(0), reader.GetDouble(1)));
        await using var first = new NpgsqlCommand("select id from accounts where is_administrator and not is_service order by created_at limit 1", connection);
        var administrator = (Guid)(await first.ExecuteScalarAsync())!;
        var typical = shares.MinBy(pair => Math.Abs(pair.Share - Typical));
        var little = shares.MinBy(pair => Math.Abs(pair.Share - Little));
        return
        [
            new Searcher(hub.Address, "administrator", 1, await TokenAsync(connection, administrator)),
            new Searcher(hub.Address, "member", typical.Share, await TokenAsync(connection, typical.Account)),
            new Searcher(hub.Address, "guest", little.Share, await TokenAsync(connection, little.Account)),
        ];
    }

    /// <summary>As the hub would have made it: it keeps the digest.</summary>
    private static async Task<string> TokenAsync(NpgsqlConnection connection, Guid account)
    {
        var secret = $"stm_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        await using var insert = new NpgsqlCommand("insert into access_tokens (id, account_id, name, token_hash, scope) values ($1, $2, 'bench', $3, 'read')", connection)
        {
            Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = account }, new() { Value = SHA256.HashData(Encoding.UTF8.GetBytes(secret)) } },
        };
        await insert.ExecuteNonQueryAsync();
        return secret;
    }
}
