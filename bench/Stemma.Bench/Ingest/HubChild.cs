using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stemma.Hub;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Bench.Ingest;

/// <param name="Address">Of the API, with a slash at the end.</param>
/// <param name="Postgres">Connection string of the hub's own database server.</param>
public sealed record HubReady(string Address, string Token, Guid Project, string Postgres);

/// <summary>A whole hub in a process of its own, with its private PostgreSQL, an account with a token, and a project.</summary>
internal static class HubChild
{
    public const string Word = "--hub";

    public static async Task<int> RunAsync(string data)
    {
        var options = new HubOptions { Data = data, Urls = "http://127.0.0.1:0", Readers = 0, Demo = false };
        var postgres = await PostgresServer.StartAsync(options.DatabaseFolder, CancellationToken.None);
        try
        {
            await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
            await new Migrator(database).MigrateAsync(CancellationToken.None);
            await FirstAdministrator.EnsureAsync(database, CancellationToken.None);
            await using var app = HubApplication.Build(options, database);
            app.Urls.Add(options.Urls);
            await app.StartAsync();

            await using (var connection = await database.OpenConnectionAsync())
            {
                var writer = app.Services.GetRequiredService<AccountWriter>();
                var account = await writer.AddAsync(connection, Actor.Hub, "bench", "Bench", null, "none", isAdministrator: false, CancellationToken.None);
                var token = (await writer.AddTokenAsync(connection, Actor.Hub, account, "bench", TokenScope.Manage, null, CancellationToken.None)).Token!;
                var owner = new Actor(account, Capabilities.All, true, false, false);
                var project = await app.Services.GetRequiredService<NodeChanges>().CreateRootAsync(owner, NodeKind.Project, new NewRoot("Bench"), CancellationToken.None);
                Console.WriteLine(JsonSerializer.Serialize(new HubReady($"{app.Urls.First()}/api/v1/", token, project.Id, postgres.ConnectionString)));
            }

            await Console.In.ReadToEndAsync();
            await app.StopAsync();
        }
        finally
        {
            await postgres.StopAsync();
        }

        return 0;
    }
}
