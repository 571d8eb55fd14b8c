using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stemma.Hub.Extraction;
using Stemma.Hub.Storage;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Storage;

/// <summary>Bytes that nothing refers to go, and deposits of the same bytes come at every step between.</summary>
public sealed class RemovalTests(TestDatabase database) : IAsyncLifetime
{
    private static readonly byte[] Bytes = [1, 2, 3];
    private static readonly Digest Name = Digest.From(SHA256.HashData(Bytes));
    private static readonly byte Folder = Name.ToBytes()[0];

    private DepositStage _stage = null!;
    private LocalBlobStore _store = null!;
    private BlobRemoval _removal = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await DepositStage.SetAsync(database);
        _store = _stage.Hub.Services.GetRequiredService<LocalBlobStore>();
        _removal = _stage.Hub.Services.GetRequiredService<BlobRemoval>();
        // The dataset stands, so that deposits take the way of most; and the folder has bytes with a row.
        await _stage.PutAsync("d/other.txt", Neighbour());
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_blob_that_no_file_refers_to_is_marked_and_goes_a_day_later_with_its_row()
    {
        await FreeAsync();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0);
        (await _stage.ScalarAsync<long>("select count(*) from blobs where removal_marked_at is not null")).ShouldBe(1);
        Age();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0, "the mark is fresh");
        await AgeMarkAsync();
        (await _removal.SweepAsync((byte)(Folder + 1), Cancelled)).ShouldBe(0, "another folder");
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(1);
        File.Exists(_store.PathOf(Name)).ShouldBeFalse();
        (await RowsAsync()).ShouldBe(0);
        (await _stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(1, "the other file's");
    }

    [Fact]
    public async Task Bytes_in_the_trash_are_referred_to_and_a_mark_on_what_is_referred_to_goes()
    {
        var set = (Guid)(await _stage.PutAsync("d/a.txt", Bytes))["fileSetId"]!;
        var owner = new TestActor(_stage.Owner, _stage.As(_stage.Owner));
        await owner.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        await _stage.ScalarAsync<int>("update blobs set removal_marked_at = now() - interval '3 days' returning 1");
        Age();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0);
        File.Exists(_store.PathOf(Name)).ShouldBeTrue();
        (await _stage.ScalarAsync<long>("select count(*) from blobs where sha256 = @name and removal_marked_at is null", new { name = Name.ToBytes() })).ShouldBe(1);
    }

    [Fact]
    public async Task A_deposit_between_the_mark_and_the_removal_keeps_the_bytes()
    {
        await MarkAsync();
        await PutAsync();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0);
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task A_deposit_between_the_recheck_and_the_unlinking_keeps_the_bytes_also_when_the_removal_fails_there()
    {
        await MarkAsync();
        Task? deposit = null;
        _removal.Rechecked = async () =>
        {
            deposit = PutAsync();
            await WaitingAsync("begin_deposit");
            // The remover's connection breaks: what it has done in the database is undone, and the row is there for the deposit to rely on.
            await _stage.ScalarAsync<object>("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and query like '%from blobs b%'");
        };
        await Should.ThrowAsync<NpgsqlException>(() => _removal.SweepAsync(Folder, Cancelled));
        await deposit!;
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task A_deposit_between_the_recheck_and_the_unlinking_keeps_bytes_and_row()
    {
        await MarkAsync();
        Task? deposit = null;
        _removal.Rechecked = async () =>
        {
            deposit = PutAsync();
            await WaitingAsync("begin_deposit");
        };
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0);
        await deposit!;
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task A_deposit_after_the_unlinking_places_its_own_bytes()
    {
        await MarkAsync();
        // Killed between unlinking and commit: a row is left that speaks of nothing.
        _store.TryRemove(Name, DateTimeOffset.MaxValue).ShouldBeTrue();
        await PutAsync();
        await ShouldBeThereAsync();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(0);
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task A_removal_that_was_killed_after_the_unlinking_is_finished_by_the_next()
    {
        await MarkAsync();
        _store.TryRemove(Name, DateTimeOffset.MaxValue).ShouldBeTrue();
        (await _removal.SweepAsync(Folder, Cancelled)).ShouldBe(1);
        (await RowsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Bytes_without_a_row_go_when_they_are_old()
    {
        var strays = _stage.Hub.Services.GetRequiredService<StrayBlobs>();
        await File.WriteAllBytesAsync(_store.PathOf(Name), Bytes, Cancelled);
        var foreign = Path.Combine(Path.GetDirectoryName(_store.PathOf(Name))!, "notes.txt");
        await File.WriteAllBytesAsync(foreign, Bytes, Cancelled);
        File.SetLastWriteTimeUtc(foreign, DateTime.UtcNow.AddDays(-31));
        (await strays.SweepAsync(Folder, Cancelled)).ShouldBe(0, "they are young");
        Age();
        (await strays.SweepAsync(Folder, Cancelled)).ShouldBe(1);
        File.Exists(_store.PathOf(Name)).ShouldBeFalse();
        File.Exists(foreign).ShouldBeTrue("it is none of ours");
        await PutAsync();
        Age();
        (await strays.SweepAsync(Folder, Cancelled)).ShouldBe(0, "they have a row");
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task Bytes_without_a_row_stay_where_most_have_none_since_then_it_is_the_database_that_is_wrong()
    {
        await File.WriteAllBytesAsync(_store.PathOf(Name), Bytes, Cancelled);
        Age();
        await _stage.ScalarAsync<object>("update files set blob_sha256 = null returning 1");
        await _stage.ScalarAsync<object>("with gone as (delete from blobs) select 1");
        (await _stage.Hub.Services.GetRequiredService<StrayBlobs>().SweepAsync(Folder, Cancelled)).ShouldBe(0);
        File.Exists(_store.PathOf(Name)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deposit_that_has_placed_its_bytes_and_waits_to_commit_keeps_them(bool relied)
    {
        if (relied)
        {
            await File.WriteAllBytesAsync(_store.PathOf(Name), Bytes, Cancelled);
            Age();
        }

        Task deposit;
        await using (var other = await _stage.Hub.Database.OpenConnectionAsync(Cancelled))
        await using (await other.BeginTransactionAsync(Cancelled))
        {
            await other.ExecuteAsync("select 1 from nodes where kind = 'dataset' for update");
            deposit = PutAsync();
            await WaitingAsync("begin_deposit");
            // As if it had waited for days.
            Age();
            (await _stage.Hub.Services.GetRequiredService<StrayBlobs>().SweepAsync(Folder, Cancelled)).ShouldBe(0);
            File.Exists(_store.PathOf(Name)).ShouldBeTrue();
        }

        await deposit;
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task A_commit_still_under_way_in_the_database_keeps_the_bytes_although_its_sender_and_its_hold_are_gone()
    {
        await File.WriteAllBytesAsync(_store.PathOf(Name), Bytes, Cancelled);
        Age();
        Task<int> sweep;
        await using (var sender = await _stage.Hub.Database.OpenConnectionAsync(Cancelled))
        await using (var transaction = await sender.BeginTransactionAsync(Cancelled))
        {
            await sender.ExecuteAsync("insert into blobs (sha256, size) values (@name, 3)", new { name = Name.ToBytes() });
            sweep = Task.Run(() => _stage.Hub.Services.GetRequiredService<StrayBlobs>().SweepAsync(Folder, Cancelled), Cancelled);
            await WaitingAsync("insert into blobs");
            await transaction.CommitAsync(Cancelled);
        }

        (await sweep).ShouldBe(0);
        File.Exists(_store.PathOf(Name)).ShouldBeTrue();
    }

    [Fact]
    public async Task Placing_starts_the_grace_of_an_upload_that_waited_for_its_end()
    {
        using var incoming = _store.Resume(Guid.CreateVersion7());
        await incoming.ReceiveAsync(System.IO.Pipelines.PipeReader.Create(new MemoryStream(Bytes)), long.MaxValue, Cancelled);
        File.SetLastWriteTimeUtc(incoming.File, DateTime.UtcNow.AddDays(-6));
        await _store.PlaceAsync(incoming, replace: false);
        _store.IsPlacedBefore(Name, DateTimeOffset.UtcNow.AddDays(-1)).ShouldBeFalse();
    }

    [Fact]
    public async Task Derived_files_that_no_row_names_go_when_they_are_old()
    {
        var artifacts = _stage.Hub.Services.GetRequiredService<ArtifactStore>();
        var set = await _stage.ScalarAsync<Guid>("select id from file_sets");
        var (named, size) = await artifacts.WriteAsync(new MemoryStream([1]), Cancelled);
        var (old, _) = await artifacts.WriteAsync(new MemoryStream([2]), Cancelled);
        await using (var connection = await _stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("""
                insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds) values (@extraction, @set, 1, 'tiff', 'TIFF', '1', '1', '{}', 0.1);
                insert into artifacts (extraction_id, name, media_type, sha256, size) values (@extraction, 'thumbnail-0', 'image/jpeg', @named, @size);
                """, new { set, extraction = Guid.CreateVersion7(), named, size });
        await File.WriteAllBytesAsync(Path.Combine(_stage.Hub.Options.ArtifactFolder, "killed.new"), [3], Cancelled);
        (await SweepAllAsync()).ShouldBe(0, "a result may be on its way");
        foreach (var path in Directory.EnumerateFiles(_stage.Hub.Options.ArtifactFolder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-31));
        var (young, _) = await artifacts.WriteAsync(new MemoryStream([4]), Cancelled);
        (await SweepAllAsync()).ShouldBe(2);
        artifacts.Find(named, 1).ShouldNotBeNull();
        artifacts.Find(young, 1).ShouldNotBeNull();
        artifacts.Find(old, 1).ShouldBeNull();

        async Task<int> SweepAllAsync()
        {
            var removed = 0;
            for (var part = 0; part < 256; part++)
                removed += await _stage.Hub.Services.GetRequiredService<ArtifactRemoval>().SweepAsync((byte)part, Cancelled);
            return removed;
        }
    }

    [Fact]
    public async Task An_artifact_written_anew_since_it_was_listed_stays()
    {
        var artifacts = _stage.Hub.Services.GetRequiredService<ArtifactStore>();
        var (digest, size) = await artifacts.WriteAsync(new MemoryStream([5]), Cancelled);
        var hex = Convert.ToHexStringLower(digest);
        artifacts.Remove(hex, DateTimeOffset.UtcNow.AddHours(-24)).ShouldBeFalse();
        artifacts.Find(digest, size).ShouldNotBeNull();
        artifacts.Remove(hex, DateTimeOffset.UtcNow.AddHours(1)).ShouldBeTrue();
        artifacts.Find(digest, size).ShouldBeNull();
        artifacts.Remove(hex, DateTimeOffset.UtcNow.AddHours(1)).ShouldBeFalse("it is gone");
    }

    [Fact]
    public async Task Deposits_and_removals_of_the_same_bytes_side_by_side_never_leave_a_file_without_bytes()
    {
        var strays = _stage.Hub.Services.GetRequiredService<StrayBlobs>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        // Everything is old, and every mark has stood long enough.
        var sweeping = Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
            {
                if (File.Exists(_store.PathOf(Name)))
                    TryAge();
                await AgeMarkAsync();
                await _removal.SweepAsync(Folder, Cancelled);
                await strays.SweepAsync(Folder, Cancelled);
            }
        }, Cancelled);
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = Cancelled }, async (number, _) =>
        {
            var deposited = await _stage.PutAsync($"d/{number}.txt", Bytes);
            using var client = _stage.As(_stage.Owner);
            (await client.GetByteArrayAsync($"files/{deposited["file"]!["id"]}/content", Cancelled)).ShouldBe(Bytes);
            await _stage.ScalarAsync<object>("update files set blob_sha256 = null where id = @id returning 1", new { id = (Guid)deposited["file"]!["id"]! });
        });
        await ending.CancelAsync();
        await sweeping;
    }

    /// <summary>Other bytes in the same folder.</summary>
    private static byte[] Neighbour() => Enumerable.Range(0, int.MaxValue).Select(BitConverter.GetBytes).First(bytes => SHA256.HashData(bytes)[0] == Folder);

    private Task PutAsync() => _stage.PutAsync("d/a.txt", Bytes);

    /// <summary>Stored bytes whose last reference went.</summary>
    private async Task FreeAsync()
    {
        await _stage.PutAsync("d/b.txt", Bytes);
        await _stage.ScalarAsync<object>("update files set blob_sha256 = null, is_current = false where path = 'b.txt' returning 1");
    }

    /// <summary>The same, marked long ago, and of an age at which they go.</summary>
    private async Task MarkAsync()
    {
        await FreeAsync();
        await _removal.SweepAsync(Folder, Cancelled);
        await AgeMarkAsync();
        Age();
    }

    private void Age() => File.SetLastWriteTimeUtc(_store.PathOf(Name), DateTime.UtcNow.AddDays(-31));

    private void TryAge()
    {
        try
        {
            Age();
        }
        catch (IOException)
        {
            // It went in this moment.
        }
    }

    private Task AgeMarkAsync() => _stage.ScalarAsync<object>("with m as (update blobs set removal_marked_at = removal_marked_at - interval '3 days' where removal_marked_at is not null) select 1");

    private Task<long> RowsAsync() => _stage.ScalarAsync<long>("select count(*) from blobs where sha256 = @name", new { name = Name.ToBytes() });

    private async Task ShouldBeThereAsync()
    {
        (await RowsAsync()).ShouldBe(1);
        (await File.ReadAllBytesAsync(_store.PathOf(Name), Cancelled)).ShouldBe(Bytes);
        (await _stage.ScalarAsync<long>("select count(*) from files where blob_sha256 = @name", new { name = Name.ToBytes() })).ShouldBe(1);
    }

    /// <summary>Until a statement with these words waits for a lock.</summary>
    private async Task WaitingAsync(string words)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await _stage.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%' || @words || '%'", new { words }) > 0)
                return;
            await Task.Delay(20, Cancelled);
        }

        throw new TimeoutException($"Nothing with {words} came to wait for a lock.");
    }
}
