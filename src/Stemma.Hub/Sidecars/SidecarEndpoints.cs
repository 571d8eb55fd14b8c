using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sidecars;

internal static class SidecarEndpoints
{
    public static IServiceCollection AddSidecars(this IServiceCollection services) => services
        .AddSingleton<SidecarReader>()
        .AddSingleton<SidecarSettings>()
        .AddSingleton<SidecarKeeper>()
        .AddHostedService(provider => provider.GetRequiredService<SidecarKeeper>());

    /// <summary>Texts with the metadata beside files.</summary>
    public static IEndpointRouteBuilder MapSidecars(this IEndpointRouteBuilder api)
    {
        var sidecars = api.MapGroup("").WithTags("Sidecars");
        sidecars.MapGet("/nodes/{id:guid}/sidecars", async (SidecarSettings settings, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                Answer(context, await settings.GetAsync(actor, id, cancellationToken)))
            .WithName("GetSidecars").WithSummary("Whether a project keeps a text with the metadata beside its files, how many are written, and what stands in the way.").For(Caller.SignedIn, Capabilities.Manage);
        sidecars.MapPut("/nodes/{id:guid}/sidecars", async (SidecarSettings settings, Actor actor, HttpContext context, Guid id, SidecarSwitch asked, CancellationToken cancellationToken) =>
                Answer(context, await settings.SwitchAsync(actor, id, asked.Kept, context.Request.Origin(), context.ExpectedVersion(), cancellationToken)))
            .WithName("SwitchSidecars").WithSummary("Keep texts beside linked files and in downloads, or remove them. Texts name pages under the address that this is asked at.")
            .For(Caller.SignedIn, Capabilities.Manage).Records("sidecars.switched");
        sidecars.MapGet("/file-sets/{id:guid}/sidecar", TextAsync)
            .WithName("GetSidecar").WithSummary("The text with the metadata of a file set, as it would stand beside its first file.").For(Caller.Anyone, Capabilities.See)
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        return api;
    }

    /// <summary>How the caller reached the hub.</summary>
    public static string Origin(this HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static async Task<FileContentHttpResult> TextAsync(NpgsqlDataSource database, SidecarReader reader, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var facts = await reader.ReadAsync(connection, actor, id, context.Request.Origin(), cancellationToken);
        return TypedResults.File(SidecarText.Write(facts), "text/plain; charset=utf-8", SidecarMark.NameOf(facts.MainFile[(facts.MainFile.LastIndexOf('/') + 1)..]));
    }

    private static Ok<ProjectSidecars> Answer(HttpContext context, ProjectSidecars sidecars)
    {
        context.SetVersion(sidecars.Version);
        return TypedResults.Ok(sidecars);
    }
}
