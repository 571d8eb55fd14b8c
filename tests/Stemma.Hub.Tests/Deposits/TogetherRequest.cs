using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

/// <summary>Requests that deposit several files, written by hand.</summary>
internal static class TogetherRequest
{
    public static ByteArrayContent Body(params (string Path, byte[] Bytes)[] files) =>
        Body(Manifest([.. files.Select(file => (file.Path, (long)file.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(file.Bytes))))]), [.. files.SelectMany(file => file.Bytes)]);

    public static ByteArrayContent Body(string manifest, byte[] bytes)
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(manifest + "\n"), .. bytes]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.stemma.files");
        return content;
    }

    public static string Manifest(params (string Path, long Size, string Sha256)[] files) => new JsonObject
    {
        ["files"] = new JsonArray([.. files.Select(file => new JsonObject { ["path"] = file.Path, ["size"] = file.Size, ["sha256"] = file.Sha256 })]),
    }.ToJsonString();

    /// <summary>Sends as the owner; what became of each file.</summary>
    public static async Task<JsonArray> SendAsync(DepositStage stage, HttpContent body, string query = "", Guid? node = null)
    {
        using var client = stage.As(stage.Owner);
        using var answer = await client.PostAsync($"nodes/{node ?? stage.Project}/files{query}", body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["files"]!.AsArray();
    }
}
