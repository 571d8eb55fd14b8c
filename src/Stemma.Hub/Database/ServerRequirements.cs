using Dapper;
using Npgsql;

namespace Stemma.Hub.Database;

/// <summary>What a PostgreSQL must be like: recent enough for our SQL, all of Unicode, and an acknowledged write survives a crash at any instant.</summary>
internal static class ServerRequirements
{
    private const int OldestVersion = 15;

    private sealed record Found(int Version, string Database, string Encoding, string Fsync, string FullPageWrites, string SynchronousCommit);

    /// <summary>Looks at the server through our own connection, so that what is set for our role or database counts.</summary>
    /// <exception cref="InvalidOperationException">Something is otherwise; the message names each setting, what was found, what is expected, and what to do.</exception>
    public static async Task RequireAsync(NpgsqlConnection connection)
    {
        var found = await connection.QuerySingleAsync<Found>("""
            select current_setting('server_version_num')::int / 10000 as version, current_database()::text as database, pg_encoding_to_char(d.encoding)::text as encoding,
                current_setting('fsync') as fsync, current_setting('full_page_writes') as fullPageWrites, current_setting('synchronous_commit') as synchronousCommit
            from pg_database d where d.datname = current_database()
            """);
        var complaints = Complaints(found).ToList();
        if (complaints.Count > 0)
            throw new InvalidOperationException(string.Join(' ', complaints));
    }

    private static IEnumerable<string> Complaints(Found found)
    {
        if (found.Version < OldestVersion)
            yield return $"server_version is {found.Version}, but expected is {OldestVersion} or newer: upgrade PostgreSQL.";
        if (found.Encoding != "UTF8")
            yield return $"server_encoding of the database {found.Database} is {found.Encoding}, but expected is UTF8: make another with "
                + "create database stemma encoding 'UTF8' locale 'C.UTF-8' template template0.";
        if (found.Fsync != "on")
            yield return Loses("fsync", found.Fsync);
        if (found.FullPageWrites != "on")
            yield return Loses("full_page_writes", found.FullPageWrites);
        // local, remote_write and remote_apply wait for our own disk too.
        if (found.SynchronousCommit == "off")
            yield return Loses("synchronous_commit", found.SynchronousCommit);
    }

    private static string Loses(string setting, string value) =>
        $"{setting} is {value}, but expected is on: acknowledged files could be lost in a crash. Run: alter system set {setting} = on; select pg_reload_conf(); "
        + $"and look for {setting} among the settings of the role and the database (\\drds) and in the connection string.";
}
