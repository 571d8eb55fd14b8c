using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Demo;
using Stemma.Hub.Queue;

namespace Stemma.Hub.Hosting;

/// <summary>Runs a hub from start to clean stop: data folder, database, web application, local worker, demo. Told in order.</summary>
public static class HubHost
{
    /// <param name="say">Lines for the person at the terminal.</param>
    /// <param name="writeDemo">Makes the demo files in a folder; the readers' side knows how.</param>
    /// <returns>When stopped by Ctrl-C, SIGTERM or <paramref name="cancellationToken"/>.</returns>
    /// <exception cref="SettingsException">It cannot start as it is set; the message says what to do.</exception>
    public static async Task RunAsync(HubOptions options, Action<string> say, Func<string, CancellationToken, Task> writeDemo, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var certificate = ServerCertificate.Load(options);
        PrepareDataFolder(options);
        await using var only = LockDataFolder(options);

        var postgres = options.Postgres is null ? await StartPostgresAsync(options, cancellationToken) : null;
        using var ending = new CancellationTokenSource();
        var keeping = postgres?.KeepAsync(say, ending.Token) ?? Task.CompletedTask;
        try
        {
            await using var database = Connect(postgres?.ConnectionString ?? options.Postgres!);
            await using var claim = await PrepareDatabaseAsync(database, options, cancellationToken);
            var firstPassword = await FirstAdministrator.EnsureAsync(database, cancellationToken);

            // The token is only for this run's worker; the one of the run before ends here.
            var token = options.Readers > 0 ? await WorkerToken.IssueAsync(database, cancellationToken) : null;
            await using var app = HubApplication.Build(options, database, builder => Configure(builder, certificate));
            foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                app.Urls.Add(url);
            await ListenAsync(app, options, cancellationToken);
            var address = Loopback(app.Urls.First());

            using var worker = token is null ? null : new WorkerProcess(options, address, certificate?.Pin, token, app.Services.GetRequiredService<TaskQueue>(), app.Services.GetRequiredService<ILogger<WorkerProcess>>());
            if (worker is not null)
                await worker.StartAsync(cancellationToken);

            say($"Stemma is at {address} (started in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, data in {options.Data})");
            if (certificate is not null)
                say($"Its certificate has the SHA-256 {certificate.Pin} and is valid until {certificate.Own.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
            if (firstPassword is not null)
                say($"\n  Sign in as  admin  with the password  {firstPassword}\n  It is shown this once; change it under Settings.\n");
            if (options.Demo)
                await DemoDeposit.EnsureAsync(app.Services, writeDemo, say, cancellationToken);
            say("Ctrl-C stops it.");

            claim?.Keep(() =>
            {
                say("Another hub has taken this database while it could not be reached from here. This one stops.");
                app.Lifetime.StopApplication();
            });
            using var stop = cancellationToken.Register(app.Lifetime.StopApplication);
            await app.WaitForShutdownAsync(CancellationToken.None);
            say("Stopping …");
            if (worker is not null)
                await worker.StopAsync(CancellationToken.None);
        }
        finally
        {
            await ending.CancelAsync();
            await keeping;
            if (postgres is not null)
                await postgres.StopAsync();
        }

        say("Stopped.");
    }

    private static void PrepareDataFolder(HubOptions options)
    {
        try
        {
            foreach (var folder in new[] { options.Data, options.BlobFolder, options.ArtifactFolder, options.IncomingFolder })
                Directory.CreateDirectory(folder);
            Directory.CreateDirectory(options.SecretFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // PostgreSQL's user passes through; what is inside is closed by each part's own folder.
            File.SetUnixFileMode(options.Data, File.GetUnixFileMode(options.Data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            foreach (var folder in new[] { options.BlobFolder, options.ArtifactFolder, options.IncomingFolder })
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new SettingsException($"The data folder {options.Data} cannot be used: {problem.Message} Choose another with --data.");
        }
    }

    /// <summary>Two hubs in one data folder would start two databases over the same files.</summary>
    private static FileStream LockDataFolder(HubOptions options)
    {
        var path = Path.Combine(options.Data, "hub.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SettingsException($"Another hub already runs on {options.Data}. Stop it first, or give this one its own --data.");
        }
    }

    private static async Task<PostgresServer> StartPostgresAsync(HubOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresServer.StartAsync(options.DatabaseFolder, cancellationToken);
        }
        catch (InvalidOperationException problem)
        {
            throw new SettingsException(problem.Message);
        }
    }

    /// <returns>The claim on an external database; a private one is claimed by its folder.</returns>
    private static async Task<StoreClaim?> PrepareDatabaseAsync(NpgsqlDataSource database, HubOptions options, CancellationToken cancellationToken)
    {
        StoreClaim? claim = null;
        try
        {
            var store = new StoreIdentity(database, options);
            var identity = await store.RequireAsync(cancellationToken);
            claim = options.Postgres is { } external ? await StoreClaim.TakeAsync(external, cancellationToken) : null;
            await new Migrator(database).MigrateAsync(cancellationToken);
            await store.RecordAsync(identity, cancellationToken);
            return claim;
        }
        catch (Exception problem)
        {
            if (claim is not null)
                await claim.DisposeAsync();
            if (problem is not (InvalidOperationException or NpgsqlException))
                throw;
            throw new SettingsException($"The database cannot be used: {problem.Message}");
        }
    }

    private static NpgsqlDataSource Connect(string connectionString)
    {
        try
        {
            return NpgsqlDataSource.Create(connectionString);
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException)
        {
            // Without what was given: it may hold a password.
            throw new SettingsException($"The connection string of --postgres cannot be read: {problem.Message} Expected is one like Host=db.example.org;Database=stemma;Username=stemma;Password=….");
        }
    }

    private static void Configure(WebApplicationBuilder builder, ServerCertificate? certificate)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (certificate is not null)
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = certificate.Own;
                https.ServerCertificateChain = certificate.Between;
            }));
    }

    private static async Task ListenAsync(WebApplication app, HubOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
        {
            throw new SettingsException($"The hub cannot listen on {options.Urls}: {problem.Message} Choose another address or port with --urls, or end what uses it.");
        }
    }

    /// <summary>Where the local worker, and a person at this machine, reach a hub that listens everywhere. What listens on [::] listens on IPv4 too.</summary>
    private static Uri Loopback(string url) => new(url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
}
