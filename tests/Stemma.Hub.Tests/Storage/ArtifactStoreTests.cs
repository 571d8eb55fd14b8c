using System.Security.Cryptography;
using Stemma.Hub.Extraction;

namespace Stemma.Hub.Tests.Storage;

public sealed class ArtifactStoreTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("stemma-artifacts-");
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(new HubOptions { Data = _data.FullName });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(256 << 10)]
    [InlineData((256 << 10) + 1)]
    [InlineData(1_000_000)]
    public async Task Bytes_lie_under_their_digest_and_nothing_else_is_left(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        var (digest, size) = await _store.WriteAsync(new MemoryStream(bytes), Token);
        digest.ShouldBe(SHA256.HashData(bytes));
        size.ShouldBe(length);
        (await File.ReadAllBytesAsync(_store.Find(digest, size).ShouldNotBeNull(), Token)).ShouldBe(bytes);
        _data.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("lost")]
    [InlineData("longer than it was")]
    public async Task What_a_power_cut_left_is_written_anew(string left)
    {
        var (digest, size) = await _store.WriteAsync(new MemoryStream("here"u8.ToArray()), Token);
        var path = _store.Find(digest, size)!;
        await File.WriteAllTextAsync(path, left, Token);
        await _store.WriteAsync(new MemoryStream("here"u8.ToArray()), Token);
        (await File.ReadAllTextAsync(path, Token)).ShouldBe("here");
        _data.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_there_already_counts_as_written_now()
    {
        var (digest, size) = await _store.WriteAsync(new MemoryStream([1, 2, 3]), Token);
        var path = _store.Find(digest, size)!;
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-31));
        await _store.WriteAsync(new MemoryStream([1, 2, 3]), Token);
        _store.Remove(Convert.ToHexStringLower(digest), DateTimeOffset.UtcNow.AddDays(-1)).ShouldBeFalse("a result names it, or will in a moment");
    }

    [Fact]
    public async Task A_stream_that_breaks_off_leaves_nothing()
    {
        await Should.ThrowAsync<IOException>(_store.WriteAsync(new BreakingStream(300_000), Token));
        await Should.ThrowAsync<IOException>(_store.WriteAsync(new BreakingStream(1000), Token));
        _data.GetFiles("*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_bytes_from_many_at_once_are_there_whole()
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _store.WriteAsync(new MemoryStream(bytes), Token), Token)));
        (await File.ReadAllBytesAsync(_store.Find(written[0].Sha256, bytes.Length).ShouldNotBeNull(), Token)).ShouldBe(bytes);
        _data.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    private sealed class BreakingStream(int after) : MemoryStream(new byte[after])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("it broke off");
    }
}
