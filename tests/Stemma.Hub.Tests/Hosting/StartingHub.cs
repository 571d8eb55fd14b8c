using Npgsql;
using Stemma.Hub.Hosting;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>A hub in this process, from its start until it serves, or says why not.</summary>
internal static class StartingHub
{
    /// <summary>Starts a hub and stops it as soon as it serves.</summary>
    /// <exception cref="SettingsException">It refused to start.</exception>
    public static async Task RunAsync(string data, string connectionString)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await HubHost.RunAsync(new HubOptions { Data = data, Postgres = connectionString, Urls = "http://127.0.0.1:0", Readers = 0, Demo = false },
            line => { if (line.StartsWith("Ctrl-C", StringComparison.Ordinal)) stop.Cancel(); }, (_, _) => Task.CompletedTask, stop.Token);
    }

    /// <summary>What the hub says as it refuses to start.</summary>
    public static async Task<string> RefusalAsync(string data, string connectionString) =>
        (await Should.ThrowAsync<SettingsException>(() => RunAsync(data, connectionString))).Message;

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
