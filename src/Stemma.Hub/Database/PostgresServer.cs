using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Stemma.Hub.Database;

/// <summary>
/// A private PostgreSQL inside the data folder, reached over a Unix socket only. PostgreSQL refuses to run as root,
/// so as root it runs as the user <c>postgres</c> that Debian's package makes.
/// </summary>
/// <remarks>
/// The server runs in a session of its own: it gets no Ctrl-C of ours, and outlives a hub that was killed. The next hub adopts it.
/// </remarks>
public sealed class PostgresServer
{
    private const string User = "stemma";
    private readonly string _folder;
    private readonly string _socketFolder;
    private readonly string _binaries;
    private readonly bool _asPostgres = Environment.UserName == "root";

    private PostgresServer(string folder)
    {
        _folder = folder;
        _binaries = FindBinaries();
        // A socket path longer than 107 bytes is refused, and the data folder may be deep.
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.GetFullPath(folder)));
        _socketFolder = Path.Combine(Directory.Exists("/run") && _asPostgres ? "/run" : Path.GetTempPath(), $"stemma-{Convert.ToHexStringLower(digest.AsSpan(0, 6))}");
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = _socketFolder, Username = User, Database = "stemma", Pooling = true, MaxPoolSize = 60, Timeout = 15, CommandTimeout = 60,
        MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, NoResetOnClose = true, ApplicationName = "stemma",
    }.ConnectionString;

    /// <summary>Makes the cluster if there is none, and starts it unless it runs already.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, the folder cannot be reached by it, or it does not start; the message says what to do.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(folder);
        server.PrepareFolders();
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
            await server.InitializeAsync(cancellationToken);
        await server.StartServerAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts the server again whenever it has died, until cancelled.</summary>
    /// <param name="say">Told once per death.</param>
    public async Task KeepAsync(Action<string> say, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                if (IsAlive())
                    continue;
                say("PostgreSQL ended by itself; starting it again.");
                await StartServerAsync(cancellationToken);
            }
            catch (Exception problem) when (problem is InvalidOperationException or NpgsqlException)
            {
                say($"PostgreSQL does not start: {problem.Message} Trying again.");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether the postmaster named in its own file runs; costs no connection.</summary>
    private bool IsAlive()
    {
        try
        {
            var pid = File.ReadLines(Path.Combine(_folder, "postmaster.pid")).First();
            return Directory.Exists($"/proc/{int.Parse(pid, CultureInfo.InvariantCulture)}");
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Stops the server, letting transactions under way end by rollback.</summary>
    public async Task StopAsync()
    {
        await RunAsync("pg_ctl", CancellationToken.None, "stop", "-D", _folder, "-m", "fast", "-w", "-t", "60");
        try
        {
            // The server took its socket with it.
            Directory.Delete(_socketFolder);
        }
        catch (IOException)
        {
            // Another hub's server has started there already.
        }
    }

    private void PrepareFolders()
    {
        foreach (var folder in new[] { _folder, _socketFolder })
        {
            Directory.CreateDirectory(folder);
            if (_asPostgres)
                Run("chown", "postgres:postgres", folder);
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (_asPostgres && Run("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "test", "-x", _folder) != 0)
            throw new InvalidOperationException(
                $"PostgreSQL runs as the user 'postgres', which cannot reach {_folder}: a folder above it is closed to others. Choose another --data, such as /var/lib/stemma.");
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        // initdb leaves nothing behind when it fails, but a kill in the middle does: only a finished cluster has PG_VERSION in place.
        var staging = _folder + ".new";
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
        if (_asPostgres)
            Run("chown", "postgres:postgres", staging);
        await RunAsync("initdb", cancellationToken, "-D", staging, "-U", User, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "-A", "trust", "--no-instructions");
        await File.AppendAllTextAsync(Path.Combine(staging, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            # Stemma
            listen_addresses = ''
            max_connections = 100
            shared_buffers = {Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 >> 20, 128, 8192)}MB
            wal_compression = on
            max_wal_size = 4GB
            random_page_cost = 1.1
            jit = off
            log_min_messages = warning
            log_timezone = UTC
            timezone = UTC

            """), cancellationToken);
        Directory.Delete(_folder);
        Directory.Move(staging, _folder);
    }

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        if (await AnswersAsync(cancellationToken))
            return;
        // After kill -9 of the postmaster its children may still be leaving: a few more tries.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Plans that connections keep are made anew when a table was analyzed. A young hub's are made on empty tables, and a minute is too long to read
                // whole datasets at every deposit.
                await RunAsync("pg_ctl", cancellationToken, "start", "-D", _folder, "-w", "-t", "60", "-l", Path.Combine(_folder, "server.log"), "-o", $"-k {_socketFolder} -c autovacuum_naptime=5s");
                break;
            }
            catch (InvalidOperationException) when (attempt < 10)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
                if (await AnswersAsync(cancellationToken))
                    return;
            }
        }

        await using var maintenance = NpgsqlDataSource.Create(Maintenance);
        await using var connection = await maintenance.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select exists (select from pg_database where datname = 'stemma')", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            await using var create = new NpgsqlCommand("create database stemma", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private string Maintenance => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false, Timeout = 3 }.ConnectionString;

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 3 }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) ?? throw Missing()
            : throw Missing();

    private static InvalidOperationException Missing() =>
        new("PostgreSQL is not installed. Install Debian's package postgresql-15, or name your own server with --postgres.");

    private async Task RunAsync(string program, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(Path.Combine(_binaries, program), arguments);
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed with exit code {process.ExitCode}: {string.Join(' ', output).Trim()}");
    }

    private Process Start(string program, params string[] arguments)
    {
        // setsid: a session of its own, so that Ctrl-C in our terminal does not stop the database under us.
        string[] prefix = _asPostgres
            ? ["setsid", "--wait", "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program]
            : ["setsid", "--wait", program];
        var start = new ProcessStartInfo(prefix[0], [.. prefix[1..], .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start)!;
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
