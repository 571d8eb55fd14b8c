using Microsoft.AspNetCore.Builder;
using Npgsql;
using Stemma.Hub.Accounts;

[assembly: AssemblyFixture(typeof(Stemma.Hub.Tests.Support.TestDatabase))]

namespace Stemma.Hub.Tests.Support;

/// <summary>The real application over real HTTP on a free port, with a database and a data folder of its own.</summary>
public sealed class TestHub : IAsyncDisposable
{
    private WebApplication _app;

    private TestHub(WebApplication app, HubOptions options, NpgsqlDataSource database)
    {
        _app = app;
        Options = options;
        Database = database;
        Address = new Uri(app.Urls.First());
    }

    public HubOptions Options { get; }

    public NpgsqlDataSource Database { get; }

    public Uri Address { get; private set; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Of the account <c>admin</c>.</summary>
    public required string AdministratorPassword { get; init; }

    /// <param name="build">Replaces services, such as the clock.</param>
    public static async Task<TestHub> StartAsync(TestDatabase database, Action<HubOptions>? configure = null, Action<WebApplicationBuilder>? build = null)
    {
        var options = new HubOptions
        {
            Data = Directory.CreateTempSubdirectory("stemma-hub-").FullName, Urls = "http://127.0.0.1:0", Readers = 0, Demo = false,
        };
        configure?.Invoke(options);
        Directory.CreateDirectory(options.IncomingFolder);
        var source = NpgsqlDataSource.Create(await database.CloneAsync());
        var password = await FirstAdministrator.EnsureAsync(source, CancellationToken.None);
        var app = await StartAsync(options, source, build);
        return new TestHub(app, options, source) { AdministratorPassword = password! };
    }

    /// <summary>Puts the application away and starts it again on the same database and data folder.</summary>
    /// <param name="between">What happens while it is not there.</param>
    public async Task RestartAsync(Action? between = null)
    {
        await _app.DisposeAsync();
        between?.Invoke();
        _app = await StartAsync(Options, Database, null);
        Address = new Uri(_app.Urls.First());
    }

    /// <summary>A client that keeps no cookies, so that nobody is signed in by what another test step did.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(Address, "/api/v1/") };

    private static async Task<WebApplication> StartAsync(HubOptions options, NpgsqlDataSource database, Action<WebApplicationBuilder>? build)
    {
        var app = HubApplication.Build(options, database, build);
        app.Urls.Add(options.Urls);
        await app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(Options.Data, recursive: true);
    }
}
