using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Stemma.Hub.Database;

/// <summary>Brings a database to the schema of this version: numbered files, each in its own transaction, once.</summary>
public sealed class Migrator(NpgsqlDataSource database)
{
    // Any number, the same in every hub: two hubs starting at once migrate one after the other.
    private const long LockKey = 0x5374656D6D61;

    private sealed record Applied(int Number, string Name, string Sha256);

    private sealed record Migration(int Number, string Name, string Sql)
    {
        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    /// <exception cref="InvalidOperationException">The server is not as it must be, the database is newer than this program, or an applied migration has changed.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ServerRequirements.RequireAsync(connection);
        await connection.ExecuteAsync("select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 0);
        try
        {
            await connection.ExecuteAsync("""
                create table if not exists migrations (
                    number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())
                """);
            var applied = (await connection.QueryAsync<Applied>("select number, name, sha256 from migrations order by number")).ToDictionary(row => row.Number);
            var known = Load();
            if (applied.Values.FirstOrDefault(row => known.All(migration => migration.Number != row.Number)) is { } newer)
                throw new InvalidOperationException($"The database has migration {newer.Name}, which this version of Stemma does not know. Start the newer version again, or restore a backup.");
            foreach (var migration in known)
                if (!applied.TryGetValue(migration.Number, out var row))
                    await ApplyAsync(connection, migration, cancellationToken);
                else if (row.Sha256 != migration.Sha256)
                    throw new InvalidOperationException($"Migration {migration.Name} was applied with other content than this program has. Migrations never change once released: add a new one.");
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }

        // Types and functions just made are not known to connections opened before.
        await connection.ReloadTypesAsync(cancellationToken);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Rewriting a large table takes minutes, and nothing waits for the hub before it is through.
        await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: 0);
        await connection.ExecuteAsync("insert into migrations (number, name, sha256) values (@Number, @Name, @Sha256)", migration, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static List<Migration> Load()
    {
        var assembly = typeof(Migrator).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var name = Path.GetFileNameWithoutExtension(resource["migrations/".Length..]);
                return new Migration(int.Parse(name.AsSpan(0, 4)), name, reader.ReadToEnd());
            })];
    }
}
