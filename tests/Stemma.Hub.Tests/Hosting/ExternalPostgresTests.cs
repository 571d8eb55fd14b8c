using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>A PostgreSQL of somebody else's, started apart from the hub.</summary>
public sealed class ExternalPostgresTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stemma-external-").FullName;
    private PostgresServer _server = null!;

    private string Data => Path.Combine(_folder, "data");

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        _server = await PostgresServer.StartAsync(Path.Combine(_folder, "postgres"), CancellationToken.None);
    }

    [Fact]
    public async Task A_hub_starts_on_it_and_leaves_it_running()
    {
        await StartingHub.RunAsync(Data, _server.ConnectionString);
        Directory.Exists(Path.Combine(Data, "postgres")).ShouldBeFalse("it made none of its own");
        await StartingHub.ExecuteAsync(_server.ConnectionString, "select from migrations");
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    [InlineData("synchronous_commit")]
    public async Task A_server_that_may_lose_acknowledged_files_is_refused(string setting)
    {
        await StartingHub.ExecuteAsync(_server.ConnectionString, $"alter system set {setting} = off");
        await StartingHub.ExecuteAsync(_server.ConnectionString, "select pg_reload_conf()");
        await BecomesAsync(setting, "off");
        (await StartingHub.RefusalAsync(Data, _server.ConnectionString)).ShouldSatisfyAllConditions(
            message => message.ShouldContain($"{setting} is off, but expected is on"), message => message.ShouldContain($"alter system set {setting} = on"));
    }

    [Fact]
    public async Task A_database_that_is_set_to_lose_commits_is_refused()
    {
        await StartingHub.ExecuteAsync(_server.ConnectionString, "alter database stemma set synchronous_commit = off");
        (await StartingHub.RefusalAsync(Data, _server.ConnectionString)).ShouldContain("synchronous_commit is off, but expected is on");
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        await StartingHub.ExecuteAsync(_server.ConnectionString, "create database western encoding 'LATIN1' locale 'C' template template0");
        var western = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = "western" }.ConnectionString;
        (await StartingHub.RefusalAsync(Data, western)).ShouldSatisfyAllConditions(
            message => message.ShouldContain("western is LATIN1, but expected is UTF8"), message => message.ShouldContain("create database"));
    }

    [Theory]
    [InlineData("Host=/nonexistent;Database=stemma;Username=stemma;Timeout=3")]
    [InlineData("Hoost=db;Password=secret")]
    public async Task What_cannot_be_reached_or_read_is_said_without_the_password(string connectionString)
    {
        var message = await StartingHub.RefusalAsync(Data, connectionString);
        message.ShouldNotContain("secret");
        message.ShouldNotContain("   at ");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A reload takes a moment.</summary>
    private async Task BecomesAsync(string setting, string value)
    {
        for (var tries = 0; ; tries++)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var show = new NpgsqlCommand($"show {setting}", connection);
            if ((string?)await show.ExecuteScalarAsync(TestContext.Current.CancellationToken) == value)
                return;
            tries.ShouldBeLessThan(300);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
