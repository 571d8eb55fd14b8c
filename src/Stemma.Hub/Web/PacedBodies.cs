using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Stemma.Hub.Web;

/// <summary>
/// Routes that take files have a limit of their own for slow senders, which are as slow as instruments and their networks are. All others keep the server's.
/// </summary>
internal sealed class PacedBodies(RequestDelegate next, HubOptions options, TimeProvider clock)
{
    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<FileBody>() is null)
            return next(context);
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } servers)
            servers.MinDataRate = null;
        var patience = TimeSpan.FromSeconds(options.UploadPatienceSeconds);
        var least = Math.Max(1, options.UploadMinimumBytesPerSecond * options.UploadPatienceSeconds);
        var paced = new PacedReader(context.Request.BodyReader, patience, least, clock);
        context.Request.Body = paced.AsStream();
        context.Features.Set<IRequestBodyPipeFeature>(new Body(paced));
        return next(context);
    }
}
