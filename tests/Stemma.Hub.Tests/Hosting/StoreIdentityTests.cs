using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Hosting;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>A hub starts only on a data folder and a database that belong together.</summary>
public sealed class StoreIdentityTests(TestDatabase database) : IDisposable
{
    private const string Digest = "3fa4000000000000000000000000000000000000000000000000000000000000";
    private readonly string _folder = Directory.CreateTempSubdirectory("stemma-identity-").FullName;

    [Fact]
    public async Task A_hub_starts_again_on_its_own_folder_also_when_it_was_moved()
    {
        var connection = await database.CloneAsync();
        await StartingHub.RunAsync(Folder("a"), connection);
        await PutBlobAsync("a", connection);
        await StartingHub.RunAsync(Folder("a"), connection);
        Directory.Move(Folder("a"), Folder("moved"));
        await StartingHub.RunAsync(Folder("moved"), connection);
    }

    [Fact]
    public async Task A_second_hub_with_a_folder_of_its_own_is_refused_and_told_where_the_first_is()
    {
        var (mine, others) = (await database.CloneAsync(), await database.CloneAsync());
        await StartingHub.RunAsync(Folder("a"), mine);
        await StartingHub.RunAsync(Folder("b"), others);

        (await StartingHub.RefusalAsync(Folder("b"), mine)).ShouldSatisfyAllConditions(
            message => message.ShouldContain($"to {Folder("a")} on {Environment.MachineName}"), message => message.ShouldContain(Identity("a")), message => message.ShouldContain(Identity("b")));
        (await StartingHub.RefusalAsync(Folder("new"), mine)).ShouldContain("has no identity");
    }

    [Fact]
    public async Task A_copy_of_the_folder_is_refused_while_a_hub_runs_on_the_original_and_the_claim_outlives_a_lost_connection()
    {
        var connection = await database.CloneAsync();
        await StartingHub.RunAsync(Folder("a"), connection);
        Directory.CreateDirectory(Folder("copy"));
        File.Copy(Path.Combine(Folder("a"), "store.id"), Path.Combine(Folder("copy"), "store.id"));

        await using (var claim = await StoreClaim.TakeAsync(connection, TestContext.Current.CancellationToken))
        {
            (await StartingHub.RefusalAsync(Folder("copy"), connection)).ShouldContain("Another hub runs on this database");
            // As when the server was started anew (it is waited for the end of the connection): whoever comes first has it.
            await StartingHub.ExecuteAsync(connection, "select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()");
            await using var other = await StoreClaim.TakeAsync(connection, TestContext.Current.CancellationToken);
            var lost = new TaskCompletionSource();
            claim.Keep(lost.SetResult, TimeSpan.FromMilliseconds(20));
            await lost.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        await StartingHub.RunAsync(Folder("copy"), connection);
    }

    [Fact]
    public async Task They_can_be_joined_knowingly_as_the_message_says()
    {
        var connection = await database.CloneAsync();
        await StartingHub.RunAsync(Folder("a"), connection);
        var identity = Identity("a");
        File.Delete(Path.Combine(Folder("a"), "store.id"));
        (await StartingHub.RefusalAsync(Folder("a"), connection)).ShouldContain($"echo {identity} > {Folder("a")}/store.id");

        await File.WriteAllTextAsync(Path.Combine(Folder("a"), "store.id"), identity + "\n", TestContext.Current.CancellationToken);
        await StartingHub.RunAsync(Folder("a"), connection);
    }

    [Fact]
    public async Task A_folder_with_files_is_not_joined_to_an_empty_database()
    {
        var (old, empty) = (await database.CloneAsync(), await database.CloneAsync());
        await StartingHub.RunAsync(Folder("a"), old);
        await PutBlobAsync("a", old);
        (await StartingHub.RefusalAsync(Folder("a"), empty)).ShouldContain("the database is empty");
    }

    [Fact]
    public async Task A_database_that_knows_files_is_not_joined_to_a_folder_without_them()
    {
        var connection = await database.CloneAsync();
        await StartingHub.ExecuteAsync(connection, $"insert into blobs (sha256, size) values ('\\x{Digest}', 3)");
        (await StartingHub.RefusalAsync(Folder("a"), connection)).ShouldContain("belongs to another data folder");
        // From before identities: the bytes are the proof.
        await PutBlobAsync("a", null);
        await StartingHub.RunAsync(Folder("a"), connection);
        Identity("a").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_database_of_another_hub_is_refused_before_it_is_changed()
    {
        var connection = await database.CloneAsync();
        await StartingHub.RunAsync(Folder("a"), connection);
        await StartingHub.ExecuteAsync(connection, "delete from migrations where number = 11");
        await StartingHub.RefusalAsync(Folder("b"), connection);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var opened = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await opened.RowAsync<bool>("select exists (select from migrations where number = 11)", null, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_identity_that_is_none_is_named()
    {
        Directory.CreateDirectory(Folder("a"));
        await File.WriteAllTextAsync(Path.Combine(Folder("a"), "store.id"), "soon", TestContext.Current.CancellationToken);
        (await StartingHub.RefusalAsync(Folder("a"), await database.CloneAsync())).ShouldContain("store.id must hold");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Folder(string name) => Path.Combine(_folder, name);

    private string Identity(string name) => File.ReadAllText(Path.Combine(Folder(name), "store.id")).Trim();

    private async Task PutBlobAsync(string name, string? connection)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder(name), "blobs", Digest[..2]));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Digest), "abc", TestContext.Current.CancellationToken);
        if (connection is not null)
            await StartingHub.ExecuteAsync(connection, $"insert into blobs (sha256, size) values ('\\x{Digest}', 3)");
    }
}
