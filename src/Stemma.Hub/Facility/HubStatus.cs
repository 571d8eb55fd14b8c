using System.Diagnostics;
using System.Reflection;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;

namespace Stemma.Hub.Facility;

/// <param name="Demo">There are demo projects that can be thrown away.</param>
/// <param name="LinkRoots">Folders beneath which files can be linked or harvested; for administrators, empty for others.</param>
public sealed record Status(string Version, DateTime StartedAt, bool Demo, IReadOnlyList<string> LinkRoots);

internal sealed class HubStatus(NpgsqlDataSource database, HubOptions options)
{
    private static readonly string Version = typeof(HubStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly DateTime StartedAt = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public async Task<Status> GetAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var demo = await connection.RowAsync<bool>("select exists (select from nodes where is_demo and parent_id is null and trashed_at is null)", null, cancellationToken);
        return new Status(Version, StartedAt, demo, actor.IsAdministrator ? options.Roots : []);
    }
}
