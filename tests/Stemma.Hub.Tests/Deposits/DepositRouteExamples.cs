using System.Text;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Deposits;

public sealed class DepositRouteExamples : IRouteExamples
{
    private static readonly byte[] Pixels = "pixels"u8.ToArray();

    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Of("PutFile", async world => new WalkRequest($"nodes/{await world.DatasetAsync()}/files/a/b.dm3") { Content = new ByteArrayContent(Pixels) }),
        RouteExample.Of("PutFiles", async world => new WalkRequest($"nodes/{await world.DatasetAsync()}/files") { Content = TogetherRequest.Body(("a/b.dm3", Pixels), ("a/c.dm3", Pixels)) }),
        RouteExample.Get("DiscoverUploads", _ => "uploads"),
        RouteExample.Get("ListUploads", _ => "uploads"),
        RouteExample.Of("CreateUpload", async world => new WalkRequest("uploads")
        {
            Content = Chunk(),
            Headers = Tus(("Upload-Length", $"{Pixels.Length}"), ("Upload-Metadata", Metadata(await world.DatasetAsync()))),
        }),
        new RouteExample("GetUploadOffset", async (world, caller) => new WalkRequest(await UploadAsync(world, caller)) { Headers = Tus() }),
        new RouteExample("AppendToUpload", async (world, caller) => new WalkRequest(await UploadAsync(world, caller)) { Content = Chunk(), Headers = Tus(("Upload-Offset", "0")) }),
        new RouteExample("TerminateUpload", async (world, caller) => new WalkRequest(await UploadAsync(world, caller)) { Headers = Tus() }),
        new RouteExample("OverriddenUploadMethod", async (world, caller) => new WalkRequest(await UploadAsync(world, caller))
        {
            Content = Chunk(), Headers = Tus(("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH")),
        }),
    ];

    /// <summary>The address of an upload that the caller, where it has an account, has begun and lost the right for since.</summary>
    private static async Task<string> UploadAsync(WalkWorld world, WalkCaller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "uploads");
        foreach (var (name, value) in Tus(("Upload-Length", $"{Pixels.Length}"), ("Upload-Metadata", Metadata(await world.DatasetAsync()))))
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await world.Owner.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var id = Guid.Parse(answer.Headers.Location.ShouldNotBeNull().ToString().Split('/')[^1]);
        if (caller is not (WalkCaller.Stranger or WalkCaller.GuestLink or WalkCaller.Worker))
            await world.RunAsync("update uploads set account_id = @Account where id = @id", new { Account = world[caller].Id, id });
        return $"uploads/{id}";
    }

    private static ByteArrayContent Chunk()
    {
        var content = new ByteArrayContent(Pixels);
        content.Headers.ContentType = new("application/offset+octet-stream");
        return content;
    }

    private static string Metadata(Guid node) => $"node {Base64($"{node}")},path {Base64("b.dm3")}";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Dictionary<string, string> Tus(params (string Name, string Value)[] headers) =>
        headers.Append(("Tus-Resumable", "1.0.0")).ToDictionary(header => header.Item1, header => header.Item2);
}
