using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Database;

public sealed class MigratorTests(TestDatabase database)
{
    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var source = NpgsqlDataSource.Create(await database.CloneAsync());
        await new Migrator(source).MigrateAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_by_name()
    {
        await using var source = NpgsqlDataSource.Create(await database.CloneAsync());
        await using (var command = source.CreateCommand("insert into migrations (number, name, sha256) values (9999, '9999_future', '')"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var problem = await Should.ThrowAsync<InvalidOperationException>(() => new Migrator(source).MigrateAsync(TestContext.Current.CancellationToken));
        problem.Message.ShouldContain("9999_future");
    }
}
