using System.Security.Cryptography;
using Stemma.Client;

namespace Stemma.Hub.Tests.Client;

public sealed class DepositsClientTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-client-");
    private FakeHub _hub = null!;
    private StemmaClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static UploadOptions Small => new()
    {
        WholeFileBytes = 1000, ChunkBytes = 4096, Retry = new Retry { FirstDelay = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(20) },
    };

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _client = new StemmaClient(_hub.Address, "stm_test");
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _hub.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(12_288)]
    [InlineData(20_001)]
    public async Task Files_of_any_size_arrive_whole(int size)
    {
        var (path, bytes) = Write("a.bin", size);

        var result = await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a ü#%.bin", path), Small, cancellationToken: Token);

        _hub.Files["set/a ü#%.bin"].Bytes.ShouldBe(bytes);
        result.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        result.FileId.ShouldBe(_hub.Files["set/a ü#%.bin"].Id);
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again()
    {
        var (path, bytes) = Write("a.bin", 500);
        _hub.FailNext(3);

        await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, cancellationToken: Token);

        _hub.Files["set/a.bin"].Bytes.ShouldBe(bytes);
    }

    [Fact]
    public async Task An_upload_goes_on_where_the_connection_broke()
    {
        var (path, bytes) = Write("a.bin", 20_000);
        _hub.BreakAfter = 1500;
        long sent = 0;

        var result = await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small with { Sent = count => Interlocked.Add(ref sent, count) }, cancellationToken: Token);

        _hub.Files["set/a.bin"].Bytes.ShouldBe(bytes);
        result.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        sent.ShouldBe(20_000);
    }

    [Fact]
    public async Task An_upload_of_an_earlier_run_goes_on()
    {
        var (path, bytes) = Write("a.bin", 20_000);
        _hub.BreakAfter = 3000;
        await Should.ThrowAsync<HttpRequestException>(
            _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small with { Retry = new Retry { Patience = TimeSpan.Zero } }, cancellationToken: Token));
        var unfinished = await _client.Deposits.UnfinishedAsync(Token).SingleAsync(Token);
        unfinished.Offset.ShouldBe(3000);

        var result = await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, unfinished, Token);

        _hub.Files["set/a.bin"].Bytes.ShouldBe(bytes);
        result.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public async Task A_file_that_changed_since_the_earlier_run_begins_anew()
    {
        var (path, _) = Write("a.bin", 20_000);
        _hub.BreakAfter = 3000;
        await Should.ThrowAsync<HttpRequestException>(
            _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small with { Retry = new Retry { Patience = TimeSpan.Zero } }, cancellationToken: Token));
        var unfinished = await _client.Deposits.UnfinishedAsync(Token).SingleAsync(Token);
        var changed = RandomNumberGenerator.GetBytes(20_000);
        await File.WriteAllBytesAsync(path, changed, Token);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));

        await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, unfinished, Token);

        _hub.Files["set/a.bin"].Bytes.ShouldBe(changed);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(20_000)]
    public async Task Other_bytes_at_the_hub_are_noticed(int size)
    {
        var (path, _) = Write("a.bin", size);
        _hub.Corrupts = true;

        await Should.ThrowAsync<DigestMismatchException>(_client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, cancellationToken: Token));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_not_tried_again_and_again()
    {
        var exception = await Should.ThrowAsync<LocalFileException>(
            _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", Path.Combine(_folder.FullName, "missing")), Small, cancellationToken: Token));
        exception.Message.ShouldContain("missing");
    }

    [Fact]
    public async Task A_download_goes_on_where_the_connection_broke()
    {
        var (path, bytes) = Write("a.bin", 50_000);
        await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, cancellationToken: Token);
        var file = _hub.Files["set/a.bin"];
        var target = Path.Combine(_folder.FullName, "back.bin");
        (_hub.BreakAfter, _hub.Received) = (20_000, 0);

        await _client.Downloads.FetchAsync(file.Id, bytes.Length, file.Sha256, target, new DownloadOptions { Retry = Small.Retry }, Token);

        (await File.ReadAllBytesAsync(target, Token)).ShouldBe(bytes);
        _hub.Received.ShouldBe(50_000 + 30_000, "the second request asks for the rest only");
        _folder.GetFiles("*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_download_with_another_digest_leaves_nothing_behind()
    {
        var (path, bytes) = Write("a.bin", 5000);
        await _client.Deposits.SendAsync(new Deposit(_hub.Node, "set/a.bin", path), Small, cancellationToken: Token);
        var target = Path.Combine(_folder.FullName, "back.bin");

        await Should.ThrowAsync<DigestMismatchException>(_client.Downloads.FetchAsync(_hub.Files["set/a.bin"].Id, bytes.Length, new string('0', 64), target, new DownloadOptions(), Token));

        File.Exists(target).ShouldBeFalse();
        _folder.GetFiles("*.part").ShouldBeEmpty();
    }

    private (string Path, byte[] Bytes) Write(string name, int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return (path, bytes);
    }
}
