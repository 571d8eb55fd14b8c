using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Stemma.Client;

/// <summary>What a worker needs of the queue.</summary>
public sealed class TasksClient
{
    private static readonly TimeSpan TransferWithin = TimeSpan.FromMinutes(10);
    private readonly HubConnection _connection;

    internal TasksClient(HubConnection connection) => _connection = connection;

    /// <summary>Takes tasks to do; waits up to <paramref name="wait"/> (at most 20 s) for one.</summary>
    public async Task<IReadOnlyList<WorkTask>> ClaimAsync(ClaimRequest request, TimeSpan wait, CancellationToken cancellationToken = default) =>
        (await _connection.PostAsync<ClaimedTasks>($"tasks/claim?wait={(int)wait.TotalSeconds}", request, cancellationToken).ConfigureAwait(false)).Tasks;

    /// <summary>Tells the hub which readers a worker has. Once, before the first claim.</summary>
    public async Task<ReadersAnswer> AnnounceAsync(ReadersAnnouncement announcement, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "readers") { Content = JsonContent.Create(announcement, options: ClientJson.Options) };
        return await _connection.ReadAsync<ReadersAnswer>(request, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="StemmaProblemException">409: the attempt is void; drop the task.</exception>
    public Task<HeartbeatAnswer> HeartbeatAsync(Guid id, Heartbeat heartbeat, CancellationToken cancellationToken = default) =>
        _connection.PostAsync<HeartbeatAnswer>($"tasks/{id}/heartbeat", heartbeat, cancellationToken);

    /// <exception cref="StemmaProblemException">409: the attempt is void; drop the task.</exception>
    public Task FailAsync(Guid id, TaskFailure failure, CancellationToken cancellationToken = default) =>
        _connection.PostAsync($"tasks/{id}/fail", failure, cancellationToken);

    /// <summary>Hands in a result with its artifacts.</summary>
    /// <param name="result">The result as JSON.</param>
    /// <exception cref="StemmaProblemException">409: the attempt is void; drop the task.</exception>
    public async Task CompleteAsync(Guid id, int attempt, ReadOnlyMemory<byte> result, IReadOnlyList<Artifact> artifacts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        using var body = new MultipartFormDataContent();
        Add(body, "result", "application/json", new ReadOnlyMemoryContent(result));
        // Bytes that are several artifacts, as a small picture that is its own thumbnail, are sent once.
        foreach (var bytes in artifacts.GroupBy(artifact => artifact.Path))
            Add(body, string.Join(',', bytes.Select(artifact => artifact.Name)), bytes.First().MediaType, Content(bytes.First()));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"tasks/{id}/complete?attempt={attempt}") { Content = body };
        using var response = await _connection.SendAsync(request, TransferWithin, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies one member of a claimed task into a file.</summary>
    public async Task DownloadInputAsync(Guid id, int attempt, Guid fileId, string path, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"tasks/{id}/inputs/{fileId}?attempt={attempt}");
        using var response = await _connection.SendAsync(request, TransferWithin, cancellationToken).ConfigureAwait(false);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
        await response.Content.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deposits one entry of an archive that is being unpacked, beside the archive.</summary>
    /// <param name="path">Path of the entry within the archive, separated by <c>/</c>.</param>
    /// <param name="file">Where its bytes lie on this machine.</param>
    /// <param name="sha256">Lower-case hexadecimal digest of the bytes; the hub refuses others.</param>
    public async Task<Deposited> DepositEntryAsync(Guid id, int attempt, string path, string file, string sha256, CancellationToken cancellationToken = default)
    {
        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
        using var content = new StreamContent(source, 1 << 16);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = source.Length;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"tasks/{id}/deposits/{DepositPath.Escape(path)}?attempt={attempt}") { Content = content };
        request.Headers.Add("Repr-Digest", ReprDigest.Format(Convert.FromHexString(sha256)));
        return await _connection.ReadAsync<Deposited>(request, cancellationToken, TransferWithin + TimeSpan.FromSeconds(source.Length / 1_000_000)).ConfigureAwait(false);
    }

    /// <summary>Serializes a result for <see cref="CompleteAsync"/>.</summary>
    public static byte[] Serialize<T>(T result) => JsonSerializer.SerializeToUtf8Bytes(result, ClientJson.Options);

    private const int InMemoryBytes = 1 << 20;

    private static HttpContent Content(Artifact artifact)
    {
        if (artifact.Bytes is { } given)
            return new ByteArrayContent(given);
        var file = new FileStream(artifact.Path, new FileStreamOptions { BufferSize = 0 });
        if (file.Length > InMemoryBytes)
            return new StreamContent(file, 1 << 18);
        using (file)
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new ByteArrayContent(bytes);
        }
    }

    private static void Add(MultipartFormDataContent body, string name, string mediaType, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        body.Add(content, name);
    }
}
