using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Stemma.Client;

/// <summary>
/// Sends files. Small ones go in one request with their digest ahead, large ones by tus 1.0 in pieces, going on where the hub has them after a lost connection.
/// Every file is read once, hashed on the way, and counts as sent only when the hub's digest is the same.
/// </summary>
public sealed class DepositsClient
{
    private const string TusVersion = "1.0.0";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan BodyWithin = TimeSpan.FromMinutes(30);
    private readonly HubConnection _connection;

    internal DepositsClient(HubConnection connection) => _connection = connection;

    /// <summary>One's own uploads that can go on.</summary>
    public IAsyncEnumerable<UnfinishedUpload> UnfinishedAsync(CancellationToken cancellationToken = default) =>
        _connection.ListAsync<UnfinishedUpload>("uploads", cancellationToken);

    /// <param name="unfinished">An earlier upload of the same file to go on with; passed over when it does not fit.</param>
    /// <exception cref="LocalFileException">The file cannot be read.</exception>
    /// <exception cref="DigestMismatchException">The hub has other bytes than were read here.</exception>
    public async Task<DepositResult> SendAsync(Deposit deposit, UploadOptions options, UnfinishedUpload? unfinished = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deposit);
        ArgumentNullException.ThrowIfNull(options);
        using var file = LocalFile.Open(deposit.LocalPath);
        var length = RandomAccess.GetLength(file);
        var modified = File.GetLastWriteTimeUtc(file);
        try
        {
            return length <= options.WholeFileBytes
                ? await PutAsync(deposit, file, (int)length, modified, options, cancellationToken).ConfigureAwait(false)
                : await new ResumableUpload(this, deposit, file, length, modified, options, unfinished).SendAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.InnerException is LocalFileException local)
        {
            throw local;
        }
    }

    /// <summary>Sends small files to one node in one request. Each is deposited or fails by itself; one that does not fit, or that the hub could not take just now, is sent alone.</summary>
    /// <param name="deposits">All to the same node, with the same levels and dataset, and none to be unpacked.</param>
    /// <returns>What became of each, in their order.</returns>
    /// <exception cref="StemmaProblemException">The hub refuses the request as a whole.</exception>
    public async Task<IReadOnlyList<SentTogether>> SendTogetherAsync(IReadOnlyList<Deposit> deposits, UploadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deposits);
        ArgumentNullException.ThrowIfNull(options);
        var told = new Dictionary<Deposit, SentTogether>(ReferenceEqualityComparer.Instance);
        using var together = new FilesTogether(options.TogetherBytes);
        foreach (var deposit in deposits)
            try
            {
                await together.TryAddAsync(deposit, cancellationToken).ConfigureAwait(false);
            }
            catch (LocalFileException unreadable)
            {
                told[deposit] = new SentTogether(deposit, null, unreadable);
            }

        if (together.Files.Count > 0)
        {
            var answer = await options.Retry.RunAsync(async token =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"nodes/{deposits[0].NodeId}/files{Query(deposits[0])}") { Content = together.Body() };
                return await _connection.ReadAsync<DepositedTogether>(request, token, BodyWithin).ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
            foreach (var ((deposit, announced), outcome) in together.Files.Zip(answer.Files))
                if (SentTogether.From(deposit, announced, outcome) is { Failure: not StemmaProblemException { IsTransient: true } } settled)
                    told[deposit] = settled;
        }

        var results = new List<SentTogether>(deposits.Count);
        foreach (var deposit in deposits)
            results.Add(told.TryGetValue(deposit, out var settled) ? settled : await SendAloneAsync(deposit, options, cancellationToken).ConfigureAwait(false));
        return results;
    }

    private async Task<SentTogether> SendAloneAsync(Deposit deposit, UploadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return new SentTogether(deposit, await SendAsync(deposit, options with { Sent = null }, null, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception failure) when (failure is StemmaProblemException { Status: not 401 } or HttpRequestException or IOException or UnauthorizedAccessException or DigestMismatchException)
        {
            return new SentTogether(deposit, null, failure);
        }
    }

    private async Task<DepositResult> PutAsync(
        Deposit deposit, Microsoft.Win32.SafeHandles.SafeFileHandle file, int length, DateTime modified, UploadOptions options, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        try
        {
            await LocalFile.ReadWholeAsync(file, deposit.LocalPath, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            var digest = SHA256.HashData(buffer.AsSpan(0, length));
            var address = $"nodes/{deposit.NodeId}/files/{DepositPath.Escape(deposit.Path)}{Query(deposit)}";
            var deposited = await options.Retry.RunAsync(async token =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(buffer, 0, length) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                request.Headers.Add("Repr-Digest", ReprDigest.Format(digest));
                request.Headers.Add("Stemma-Modified", Time(modified));
                return await _connection.ReadAsync<Deposited>(request, token, BodyWithin).ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
            options.Sent?.Invoke(length);
            var hex = Convert.ToHexStringLower(digest);
            return deposited.File.Sha256 == hex
                ? new DepositResult(deposited.File.Id, deposited.FileSetId, length, hex, deposited.AlreadyThere)
                : throw new DigestMismatchException(deposit.Path, hex, deposited.File.Sha256);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Begins an upload.</summary>
    /// <returns>Its address.</returns>
    internal async Task<Uri> CreateUploadAsync(Deposit deposit, long length, DateTime modified, CancellationToken cancellationToken)
    {
        using var request = Tus(HttpMethod.Post, new Uri("uploads", UriKind.Relative));
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", Metadata(deposit, modified));
        using var response = await _connection.SendAsync(request, Within, cancellationToken).ConfigureAwait(false);
        var location = response.Headers.Location ?? throw new StemmaProblemException("about:blank", (int)response.StatusCode, "No address came back", "The hub began an upload but did not say where. Check the address of the hub.");
        // Stays with the hub that was asked, whatever name it thinks it has.
        return new Uri(_connection.Root, location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString);
    }

    internal Uri AddressOf(UnfinishedUpload upload) => new(_connection.Root, $"api/v1/uploads/{upload.Id}");

    /// <summary>Asks how far an upload is.</summary>
    /// <returns>Null when it is gone.</returns>
    internal async Task<UploadState?> StateAsync(Uri upload, CancellationToken cancellationToken)
    {
        using var request = Tus(HttpMethod.Head, upload);
        try
        {
            using var response = await _connection.SendAsync(request, Within, cancellationToken).ConfigureAwait(false);
            return UploadState.From(response);
        }
        catch (StemmaProblemException problem) when (problem.Status is 403 or 404 or 410)
        {
            return null;
        }
    }

    internal async Task<UploadState> PatchAsync(Uri upload, long offset, HttpContent body, CancellationToken cancellationToken)
    {
        using var request = Tus(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content = body;
        body.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var response = await _connection.SendAsync(request, BodyWithin, cancellationToken).ConfigureAwait(false);
        return UploadState.From(response);
    }

    internal Task<StoredFile> FileAsync(Guid id, CancellationToken cancellationToken) => _connection.GetAsync<StoredFile>($"files/{id}", cancellationToken);

    private static HttpRequestMessage Tus(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", TusVersion);
        return request;
    }

    private static string Query(Deposit deposit)
    {
        var parts = new List<string>(3);
        if (deposit.Levels is { } levels)
            parts.Add($"levels={levels}");
        if (deposit.Dataset is { } dataset)
            parts.Add($"dataset={Uri.EscapeDataString(dataset)}");
        if (deposit.Unpack)
            parts.Add("unpack=true");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static string Metadata(Deposit deposit, DateTime modified)
    {
        var pairs = new List<(string Key, string Value)> { ("node", deposit.NodeId.ToString()), ("path", deposit.Path), ("modified", Time(modified)) };
        if (deposit.Levels is { } levels)
            pairs.Add(("levels", levels.ToString(CultureInfo.InvariantCulture)));
        if (deposit.Dataset is { } dataset)
            pairs.Add(("dataset", dataset));
        if (deposit.Unpack)
            pairs.Add(("unpack", "true"));
        return string.Join(',', pairs.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}"));
    }

    internal static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
