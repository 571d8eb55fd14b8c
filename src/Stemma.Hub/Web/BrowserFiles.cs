using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Stemma.Hub.Web;

/// <summary>
/// The built browser application, held in memory, compressed once. Any path that is neither a file nor the API's answers the page itself,
/// so that every view has an address.
/// </summary>
public sealed class BrowserFiles
{
    private const string NoncePlace = "__CSP_NONCE__";

    private sealed record Asset(string ContentType, byte[] Plain, byte[]? Brotli, byte[]? Gzip, string ETag);

    private readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal);
    private readonly string? _page;

    /// <param name="folder">The output of the web build; where it is missing, pages say so.</param>
    public BrowserFiles(string folder)
    {
        var types = new FileExtensionContentTypeProvider();
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            var name = "/" + Path.GetRelativePath(folder, path);
            if (name == "/index.html")
            {
                _page = Encoding.UTF8.GetString(bytes);
                continue;
            }

            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            var isText = type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("javascript", StringComparison.Ordinal) || type.Contains("json", StringComparison.Ordinal) || type.Contains("svg", StringComparison.Ordinal);
            _assets[name] = new Asset(type, bytes,
                isText ? Compress(bytes, stream => new BrotliStream(stream, CompressionLevel.Optimal)) : null,
                isText ? Compress(bytes, stream => new GZipStream(stream, CompressionLevel.Optimal)) : null,
                $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
        }
    }

    public void Map(WebApplication app) => app.MapFallback("{*path}", AnswerAsync).WithMetadata(new RouteAccess(Caller.Anyone));

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/openapi/", StringComparison.Ordinal))
            throw new Problem(404, "no-such-route", "No such address", $"The API has nothing at {path}. What it has is described at /openapi/v1.json.");
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw new Problem(405, "method-not-allowed", "Method not allowed", $"Pages are fetched with GET, not {context.Request.Method}.");
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        if (_assets.TryGetValue(path, out var asset))
            await SendAsync(context, asset, immutable: path.StartsWith("/assets/", StringComparison.Ordinal));
        else if (_page is null)
            throw new Problem(503, "no-page", "The browser application is not built", "Run ./run, which builds it, or `npm ci && npm run build` in web/. The API works all the same.");
        else
            await SendPageAsync(context, _page);
    }

    private static async Task SendPageAsync(HttpContext context, string page)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        // Frames are for PDFs alone: bytes that the page itself declares to be one, which the browser's viewer shows in a process of its own.
        // WebAssembly is for hashing uploads; it is ours, from our origin.
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob: data:; connect-src 'self'; "
            + "font-src 'self'; worker-src 'self' blob:; frame-src blob:; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page.Replace(NoncePlace, nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, Asset asset, bool immutable)
    {
        var headers = context.Response.Headers;
        headers.ETag = asset.ETag;
        headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch == asset.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var (bytes, encoding) = asset switch
        {
            { Brotli: { } brotli } when accepted.Contains("br", StringComparison.Ordinal) => (brotli, "br"),
            { Gzip: { } gzip } when accepted.Contains("gzip", StringComparison.Ordinal) => (gzip, "gzip"),
            _ => (asset.Plain, null),
        };
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> method)
    {
        using var output = new MemoryStream();
        using (var compressor = method(output))
            compressor.Write(bytes);
        return output.ToArray();
    }
}
