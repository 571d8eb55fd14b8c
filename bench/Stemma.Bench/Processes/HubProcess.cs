using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Stemma.Client;

namespace Stemma.Bench.Processes;

/// <summary>A real <c>stemma serve</c> in a process of its own, to be measured from outside, killed, and started again.</summary>
internal sealed partial class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly string[] _options;
    private Process? _process;

    /// <param name="data">Its data folder.</param>
    /// <param name="options">Further options of <c>stemma serve</c>.</param>
    public HubProcess(string data, params string[] options)
    {
        _options = options;
        Data = data;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
    }

    public string Data { get; }

    public Uri Address { get; }

    /// <summary>Of the first administrator, for everything. Known after the first start.</summary>
    public string Token { get; private set; } = "";

    public int Id => _process?.Id ?? throw new InvalidOperationException("The hub was not started.");

    /// <summary>The postmaster of its database, as it wrote itself down; null where it did not, or is gone.</summary>
    public int? PostmasterId => Postmaster() is [var line, ..] && int.TryParse(line, out var id) && ProcessTree.Arguments(id) is [var program, ..] && Path.GetFileName(program) == "postgres" ? id : null;

    /// <summary>Connection string of its own database server.</summary>
    public string PostgresConnection => $"Host={Postmaster()[4]};Username=stemma;Database=stemma;Pooling=false;MaxAutoPrepare=20";

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(StemmaExecutable.Path, ["serve", "--data", Data, "--urls", Address.ToString().TrimEnd('/'), "--no-demo", .. _options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string? password = null;
        var ready = new TaskCompletionSource();
        var errors = new ConcurrentQueue<string>();
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (PasswordLine().Match(line.Data ?? "") is { Success: true } match)
                password = match.Groups[1].Value;
            if (line.Data?.StartsWith("Ctrl-C", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (await Task.WhenAny(ready.Task, _process.WaitForExitAsync(cancellationToken), Task.Delay(StartsWithin, cancellationToken)) != ready.Task)
            throw new InvalidOperationException($"The hub did not start within {StartsWithin.TotalSeconds} s: {string.Join('\n', errors)}");
        if (password is not null)
            Token = await SignInAsync(password, cancellationToken);
    }

    /// <summary>For what the typed client has no name for.</summary>
    public HttpClient Http() => new() { BaseAddress = new Uri(Address, "api/v1/"), Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };

    /// <summary>SIGKILL: no chance to tidy up. What it started may still be ending when this returns.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit(StartsWithin);
    }

    /// <summary>SIGTERM, and waiting for the clean end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await SignalAsync("-TERM", Id);
            using var patience = new CancellationTokenSource(StartsWithin);
            await _process.WaitForExitAsync(patience.Token);
        }
        else if (PostmasterId is { } orphan)
        {
            await SignalAsync("-INT", orphan);
            while (PostmasterId is not null)
                await Task.Delay(50);
        }

        _process?.Dispose();
    }

    private static async Task SignalAsync(string signal, int id)
    {
        using var kill = Process.Start("kill", [signal, id.ToString()]);
        await kill.WaitForExitAsync();
    }

    private async Task<string> SignInAsync(string password, CancellationToken cancellationToken)
    {
        using var stranger = new StemmaClient(Address);
        var signedIn = await stranger.Account.SignInAsync("admin", password, cancellationToken);
        return (await stranger.Account.CreateTokenAsync(signedIn, "bench", "manage", cancellationToken)).Secret;
    }

    // Lines: process, data folder, start, port, socket folder …
    private string[] Postmaster()
    {
        try
        {
            return File.ReadAllLines(Path.Combine(Data, "postgres", "postmaster.pid"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    [GeneratedRegex(@"Sign in as\s+admin\s+with the password\s+(\S+)")]
    private static partial Regex PasswordLine();
}
