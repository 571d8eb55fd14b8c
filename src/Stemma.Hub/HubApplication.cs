using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Annotations;
using Stemma.Hub.Deposits;
using Stemma.Hub.Deposits.Uploads;
using Stemma.Hub.Extraction;
using Stemma.Hub.Facility;
using Stemma.Hub.Fields;
using Stemma.Hub.Files;
using Stemma.Hub.Harvest;
using Stemma.Hub.Hosting;
using Stemma.Hub.Live;
using Stemma.Hub.MetadataViews;
using Stemma.Hub.Projects;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Remarks;
using Stemma.Hub.Rereading;
using Stemma.Hub.Search;
using Stemma.Hub.Sharing;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Web;

namespace Stemma.Hub;

/// <summary>The web application: what it is made of, and its routes. A table of contents.</summary>
public static class HubApplication
{
    /// <summary>Builds the application around a database that runs and is migrated.</summary>
    public static WebApplication Build(HubOptions options, NpgsqlDataSource database, Action<WebApplicationBuilder>? configure = null)
    {
        // Nothing is read from, or watched in, the folder that the hub happens to be started in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "Stemma.Hub", ContentRootPath = AppContext.BaseDirectory, Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Uploads are as large and as slow as instruments are: their routes (TakesFile) lift the limit, and have their own for slow senders (PacedBodies).
            kestrel.Limits.MaxRequestBodySize = RouteMetadata.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        });
        builder.Services.AddSingleton<Microsoft.AspNetCore.Connections.IMemoryPoolFactory<byte>, ReceiveBlocks>();
        builder.Services.AddProxyTrust(options);
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(options.HstsDays));
        builder.Services.Configure<JsonOptions>(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemMiddleware.Complete);
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemMiddleware>();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<EventWriter>();
        builder.Services.AddSingleton<LiveEvents>();
        builder.Services.AddHubOpenApi();
        builder.Services.AddRequestGates();
        builder.Services.AddRouteCompression();
        builder.Services.AddAccounts();
        builder.Services.AddProjects();
        builder.Services.AddSharing();
        builder.Services.AddFacility();
        builder.Services.AddFields();
        builder.Services.AddSingleton<History>();
        builder.Services.AddSingleton<TaskSignal>();
        builder.Services.AddSingleton<TaskQueue>();
        builder.Services.AddHostedService<LeaseSweeper>();
        builder.Services.AddSingleton<ArtifactStore>();
        builder.Services.AddSingleton<ExtractionRecorder>();
        builder.Services.AddRereading();
        builder.Services.AddDeposits();
        builder.Services.AddFiles();
        builder.Services.AddSearch();
        builder.Services.AddAnnotations();
        builder.Services.AddRemarks();
        builder.Services.AddMetadataViews();
        builder.Services.AddSidecars();
        // After the sweep of what was coming in when the hub ended.
        builder.Services.AddHarvest();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseForwardedHeaders();
        // Behind a proxy the proxy decides it.
        if (options is { Certificate: not null, HstsDays: > 0 })
            app.UseHsts();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<ActorMiddleware>();
        app.UseMiddleware<PacedBodies>();
        app.UseRouteCompression();
        app.MapHubOpenApi();
        app.MapApi();
        new BrowserFiles(options.Web).Map(app);
        app.RequireRouteAccess();
        return app;
    }

    private static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapAccounts();
        api.MapNodes();
        api.MapSharing();
        api.MapRecords();
        api.MapFacility();
        api.MapFields();
        api.MapQueue();
        api.MapRereading();
        api.MapLive();
        api.MapDeposits();
        api.MapHarvest();
        api.MapUploads();
        api.MapArchiveEntries();
        api.MapFiles();
        api.MapSearch();
        api.MapAnnotations();
        api.MapRemarks();
        api.MapMetadataViews();
        api.MapSidecars();
    }
}
