using System.Diagnostics;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Storage;

public sealed class LocalBlobStoreTests : IDisposable
{
    private readonly HubOptions _options = new() { Data = Directory.CreateTempSubdirectory("stemma-store-").FullName };
    private readonly LocalBlobStore _store;

    public LocalBlobStoreTests() => _store = new LocalBlobStore(_options);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65536)]
    [InlineData(525_000)]
    [InlineData(1 << 20)]
    [InlineData(3_000_001)]
    public async Task Placed_bytes_are_named_by_their_SHA_256_and_read_back_whole(int length)
    {
        var bytes = Random.Shared.GetItems(Enumerable.Range(0, 256).Select(value => (byte)value).ToArray(), length);
        using var incoming = await ReceiveAsync(bytes);
        incoming.Digest().Hex.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        (await _store.PlaceAsync(incoming, replace: false)).ShouldBeTrue();

        using var file = _store.OpenRead(Digest.From(SHA256.HashData(bytes)));
        var read = new byte[length];
        RandomAccess.Read(file, read, 0).ShouldBe(length);
        read.ShouldBe(bytes);
        Temporaries().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_digest_of_abc_is_that_of_FIPS_180_2()
    {
        using var incoming = await ReceiveAsync("abc"u8.ToArray());
        incoming.Digest().Hex.ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    [Fact]
    public async Task Bytes_that_are_there_are_left_alone_and_those_that_came_stand_until_they_are_disposed()
    {
        var bytes = new byte[3_000_000];
        using (var first = await ReceiveAsync(bytes))
            (await _store.PlaceAsync(first, replace: false)).ShouldBeTrue();
        using (var second = await ReceiveAsync(bytes))
        {
            (await _store.PlaceAsync(second, replace: false)).ShouldBeFalse();
            Temporaries().Length.ShouldBe(1);
            (await _store.PlaceAsync(second, replace: true)).ShouldBeTrue();
        }

        Temporaries().ShouldBeEmpty();
    }

    [Fact]
    public async Task Replacing_heals_bytes_that_a_crash_left_short()
    {
        byte[] bytes = [5, 6, 7, 8];
        var path = _store.PathOf(Digest.From(SHA256.HashData(bytes)));
        await File.WriteAllBytesAsync(path, bytes[..2], Cancelled);
        using var incoming = await ReceiveAsync(bytes);
        (await _store.PlaceAsync(incoming, replace: false)).ShouldBeFalse();
        (await _store.PlaceAsync(incoming, replace: true)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(path, Cancelled)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_start_after_a_crash_sweeps_temporaries_but_not_uploads_that_go_on()
    {
        var upload = Guid.CreateVersion7();
        using (var going = _store.Resume(upload))
        {
            await AppendAsync(going, [1, 2, 3, 4, 5]);
            await going.SyncAsync();
        }

        _ = await ReceiveAsync(new byte[3_000_000]); // Not disposed: the process was killed here.
        using var ended = _store.Resume(Guid.CreateVersion7());

        _store.Sweep(new HashSet<Guid> { upload }).ShouldBe(2);
        Temporaries().ShouldHaveSingleItem().ShouldBe(upload.ToString());
        _store.LengthOf(upload).ShouldBe(5);
    }

    [Fact]
    public async Task A_resumed_upload_has_the_digest_of_the_whole()
    {
        var upload = Guid.CreateVersion7();
        using (var before = _store.Resume(upload))
        {
            await AppendAsync(before, [1, 2, 3]);
            await before.SyncAsync();
        }

        using var after = _store.Resume(upload);
        after.Length.ShouldBe(3);
        await AppendAsync(after, [4, 5]);
        after.Digest().Hex.ShouldBe(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3, 4, 5])));
    }

    /// <summary>Pieces that end anywhere in a page: each time, the rest of the page is written before whole pages go past the cache again.</summary>
    [Theory]
    [InlineData(1, 200_000, 4096, 300_001, 700_000)]
    [InlineData(4095, 65_537, 262_144, 1, 1_000_003)]
    [InlineData(4096, 131_072, 0, 524_288, 12)]
    public async Task Pieces_of_any_length_make_the_whole(params int[] pieces)
    {
        var bytes = new byte[pieces.Sum()];
        Random.Shared.NextBytes(bytes);
        var upload = Guid.CreateVersion7();
        var at = 0;
        foreach (var piece in pieces)
        {
            using var going = _store.Resume(upload);
            going.Length.ShouldBe(at);
            await AppendAsync(going, bytes[at..(at + piece)]);
            await going.SyncAsync();
            at += piece;
        }

        using var whole = _store.Resume(upload);
        whole.Digest().ShouldBe(Digest.From(SHA256.HashData(bytes)));
        (await _store.PlaceAsync(whole, replace: false)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(_store.PathOf(whole.Digest()), Cancelled)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    [InlineData(2_500_000)]
    public async Task More_than_was_expected_is_taken_as_well(int expected)
    {
        var bytes = new byte[2_600_000];
        Random.Shared.NextBytes(bytes);
        using var incoming = _store.Begin(expected);
        await AppendAsync(incoming, bytes);
        (await _store.PlaceAsync(incoming, replace: false)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(_store.PathOf(Digest.From(SHA256.HashData(bytes))), Cancelled)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(7, 10)]
    [InlineData(300_000, 700_000)]
    public async Task Rewinding_goes_back_also_over_what_was_written(int before, int after)
    {
        var bytes = new byte[before];
        Random.Shared.NextBytes(bytes);
        using var incoming = _store.Resume(Guid.CreateVersion7());
        await AppendAsync(incoming, bytes);
        using var mark = incoming.Here();
        await AppendAsync(incoming, new byte[after]);
        incoming.Rewind(mark);
        (await _store.PlaceAsync(incoming, replace: false)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(_store.PathOf(Digest.From(SHA256.HashData(bytes))), Cancelled)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Rewinding_forgets_bytes_and_their_part_of_the_digest()
    {
        using var incoming = await ReceiveAsync([1, 2, 3]);
        using var mark = incoming.Here();
        await AppendAsync(incoming, [99, 98, 97, 96]);
        incoming.Rewind(mark);
        await AppendAsync(incoming, [4]);
        incoming.Length.ShouldBe(4);
        incoming.Digest().Hex.ShouldBe(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3, 4])));
        (await _store.PlaceAsync(incoming, replace: false)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(_store.PathOf(incoming.Digest()), Cancelled)).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task More_than_the_limit_is_refused_with_its_number()
    {
        using var incoming = _store.Begin();
        var problem = await Should.ThrowAsync<Problem>(() => incoming.ReceiveAsync(PipeReader.Create(new MemoryStream(new byte[1000])), 999, Cancelled));
        problem.Status.ShouldBe(413);
        problem.Message.ShouldContain("999");
    }

    [Fact]
    public async Task A_full_disk_is_said_without_naming_its_paths_and_leaves_nothing()
    {
        var small = Path.Combine(_options.Data, "small");
        Directory.CreateDirectory(small);
        // A file system of its own, with room for the 4096 folders and little more.
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=5000", "tmpfs", small))
            Assert.Skip("Only root can mount a small file system.");
        try
        {
            using (var store = new LocalBlobStore(new HubOptions { Data = small }))
            {
                var incoming = store.Begin();
                var problem = await Should.ThrowAsync<Problem>(() => incoming.ReceiveAsync(PipeReader.Create(new MemoryStream(new byte[4 << 20])), long.MaxValue, Cancelled));
                problem.Status.ShouldBe(507);
                problem.Message.ShouldNotContain("/");
                incoming.Dispose();
            }

            Directory.EnumerateFiles(small, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        }
        finally
        {
            await RunAsync("umount", small);
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_options.Data, recursive: true);
    }

    private async Task<IncomingBlob> ReceiveAsync(byte[] bytes)
    {
        var incoming = _store.Begin();
        await AppendAsync(incoming, bytes);
        return incoming;
    }

    private static Task AppendAsync(IncomingBlob incoming, byte[] bytes) => incoming.ReceiveAsync(PipeReader.Create(new MemoryStream(bytes)), long.MaxValue, Cancelled);

    private string[] Temporaries() => [.. Directory.EnumerateFiles(_options.IncomingFolder).Select(path => Path.GetFileName(path))];

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancelled);
        return process.ExitCode == 0;
    }
}
