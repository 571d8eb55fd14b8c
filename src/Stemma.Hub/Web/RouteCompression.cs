using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Stemma.Hub.Web;

/// <summary>Compresses the answers of routes that say so: long lists of much the same. Others are short, or are files, and would only take longer.</summary>
/// <remarks>
/// Safe over TLS for what holds no secret beside the words of others: with a secret in it, the length of an answer would tell of it (BREACH, 2013).
/// </remarks>
internal static class RouteCompression
{
    private sealed class IsCompressed;

    public static IServiceCollection AddRouteCompression(this IServiceCollection services) => services
        .Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest)
        .AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json"];
            compression.Providers.Add<GzipCompressionProvider>();
        });

    public static IApplicationBuilder UseRouteCompression(this IApplicationBuilder app) =>
        app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<IsCompressed>() is not null, compressed => compressed.UseResponseCompression());

    /// <summary>Compresses what this route answers, for whoever accepts it.</summary>
    public static TBuilder Compressed<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new IsCompressed());
}
