using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Web;

/// <summary>Nobody holds the hub for ever by sending next to nothing.</summary>
public sealed class SlowSenderTests(TestDatabase database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 500", false)]
    [InlineData("Content-Length: 500", true)]
    [InlineData("Transfer-Encoding: chunked", true)]
    public async Task A_file_that_dribbles_in_is_ended_and_nothing_of_it_is_kept(string framing, bool dribbles)
    {
        await using var stage = await DepositStage.SetAsync(database, Impatient);
        var answer = await SlowAsync(stage.Hub.Address, $"PUT /api/v1/{DepositStage.FilesOf(stage.Project, "set/eve.mrc")}", [stage.Authorization(stage.Owner), framing],
            dribbles ? framing.StartsWith("Transfer", StringComparison.Ordinal) ? "1\r\na\r\n" : "a" : "");

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("urn:stemma:problem:too-slow");
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
        (await stage.ScalarAsync<int>("select count(*)::int from files")).ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_resumable_upload_what_came_is_kept_and_it_can_go_on()
    {
        await using var stage = await DepositStage.SetAsync(database, Impatient);
        using var client = stage.As(stage.Owner);
        client.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0");
        var bytes = Encoding.ASCII.GetBytes(new string('a', 300));
        using var create = new HttpRequestMessage(HttpMethod.Post, "uploads")
        {
            Headers = { { "Upload-Length", "300" }, { "Upload-Metadata", $"node {Base64(stage.Project.ToString())},path {Base64("set/eve.mrc")}" } },
        };
        using var created = await client.SendAsync(create, Token);
        created.StatusCode.ShouldBe(HttpStatusCode.Created, await created.Content.ReadAsStringAsync(Token));
        var upload = created.Headers.Location!.ToString();

        var answer = await SlowAsync(stage.Hub.Address, $"PATCH {upload}",
            [stage.Authorization(stage.Owner), "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream", "Content-Length: 300"], "a");
        answer.ShouldStartWith("HTTP/1.1 408 ");

        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, upload), Token);
        var offset = int.Parse(head.Headers.GetValues("Upload-Offset").Single());
        offset.ShouldBeGreaterThan(0);
        using var rest = new HttpRequestMessage(HttpMethod.Patch, upload) { Content = new ByteArrayContent(bytes[offset..]), Headers = { { "Upload-Offset", offset.ToString() } } };
        rest.Content.Headers.ContentType = new("application/offset+octet-stream");
        (await client.SendAsync(rest, Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await stage.ScalarAsync<long>("select size from files")).ShouldBe(300);
    }

    [Fact]
    public async Task A_file_over_http_2_that_dribbles_in_is_ended_too()
    {
        await using var stage = await DepositStage.SetAsync(database, Impatient, builder =>
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        using var client = stage.As(stage.Owner);
        using var request = new HttpRequestMessage(HttpMethod.Put, DepositStage.FilesOf(stage.Project, "set/eve.mrc"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new DribblingContent(),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestTimeout);
    }

    [Fact]
    public async Task A_request_that_is_no_file_may_not_dribble_at_all()
    {
        // With the patience of files it would last a day.
        await using var hub = await TestHub.StartAsync(database, options => options.UploadPatienceSeconds = 86400);
        var answer = await SlowAsync(hub.Address, "POST /api/v1/sign-in", ["Content-Type: application/json", "Content-Length: 500"], " ");
        answer.ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed()
    {
        await using var hub = await TestHub.StartAsync(database, options => options.MaxConnections = 2);
        using var first = await ConnectedAsync(hub.Address);
        using var second = await ConnectedAsync(hub.Address);
        using var third = await ConnectedAsync(hub.Address);
        (await third.GetStream().ReadAsync(new byte[1], Token)).ShouldBe(0);
        first.Dispose();
        // The place is free again.
        for (var tries = 0; ; tries++)
        {
            using var fourth = await ConnectedAsync(hub.Address);
            await fourth.GetStream().WriteAsync("GET /openapi/v1.json HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Token);
            if (await ReadSomeAsync(fourth.GetStream()) > 0)
                return;
            tries.ShouldBeLessThan(200);
            await Task.Delay(50, Token);
        }
    }

    private static void Impatient(HubOptions options) => (options.UploadPatienceSeconds, options.UploadMinimumBytesPerSecond) = (1, 400);

    /// <summary>Sends the beginning of a request, and then next to nothing until there is an answer; the answer.</summary>
    private static async Task<string> SlowAsync(Uri hub, string line, string[] headers, string dribble)
    {
        using var connection = await ConnectedAsync(hub);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: {hub.Authority}\r\n{string.Join("\r\n", headers)}\r\n\r\n"), Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(Token);
        answered.CancelAfter(TimeSpan.FromSeconds(60));
        var dribbling = Task.Run(async () =>
        {
            while (dribble.Length > 0)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(dribble), answered.Token);
                await Task.Delay(50, answered.Token);
            }
        }, Token);
        var answer = new byte[8192];
        var length = 0;
        for (var count = 1; count > 0 && !Encoding.ASCII.GetString(answer, 0, length).Contains('}'); length += count)
            count = await ReadSomeAsync(stream, answer.AsMemory(length), answered.Token);
        await answered.CancelAsync();
        await dribbling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    private static async Task<int> ReadSomeAsync(NetworkStream stream, Memory<byte> into = default, CancellationToken cancellationToken = default)
    {
        try
        {
            return await stream.ReadAsync(into.Length == 0 ? new byte[1] : into, cancellationToken);
        }
        catch (IOException)
        {
            // Reset, which is closing too.
            return 0;
        }
    }

    private static async Task<TcpClient> ConnectedAsync(Uri hub)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(hub.Host, hub.Port, Token);
        return connection;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A byte now and then, for ever.</summary>
    private sealed class DribblingContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            while (true)
            {
                await stream.WriteAsync(new byte[1], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(50, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
