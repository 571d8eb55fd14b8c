using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Stemma.Bench.Crash;

/// <summary>A real <c>stemma serve</c> in a process of its own, to be killed and started again.</summary>
public sealed partial class HubProcess : IAsyncDisposable
{
    private readonly string _executable;
    private readonly string[] _options;
    private Process? _process;

    public HubProcess(string executable, string data, params string[] options)
    {
        _executable = executable;
        _options = options;
        Data = data;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
    }

    /// <summary>The executable to run: named by STEMMA, or the one that ./stemma builds.</summary>
    public static string Executable()
    {
        if (Environment.GetEnvironmentVariable("STEMMA") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Stemma.slnx")))
                return Path.Combine(folder.FullName, "out", "stemma", "stemma");
        throw new InvalidOperationException("Name the executable in the environment variable STEMMA.");
    }

    public string Data { get; }

    public Uri Address { get; }

    /// <summary>The first administrator's password, as printed at the first start.</summary>
    public string? Password { get; private set; }

    public int Id => _process?.Id ?? throw new InvalidOperationException("The hub was not started.");

    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_executable, ["serve", "--data", Data, "--urls", Address.ToString().TrimEnd('/'), "--no-demo", .. _options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var errors = new List<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && PasswordLine().Match(text) is { Success: true } match)
                Password = match.Groups[1].Value;
        };
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;

        using var client = new HttpClient { BaseAddress = Address };
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50, cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The hub did not start (exit code {process.ExitCode}): {string.Join('\n', errors)}");
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
                throw new TimeoutException("The hub did not answer within 60 s.");
            try
            {
                using var answer = await client.GetAsync("api/v1/status", cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>Signs in as the first administrator and makes a token for the rest.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(Address, "api/v1/") };
        client.DefaultRequestHeaders.Add("Origin", Address.ToString().TrimEnd('/'));
        using var signedIn = await client.PostAsJsonAsync("sign-in", new { login = "admin", password = Password }, cancellationToken);
        signedIn.EnsureSuccessStatusCode();
        using var made = await client.PostAsJsonAsync("tokens", new { name = "bench", scope = "manage" }, cancellationToken);
        made.EnsureSuccessStatusCode();
        return (string)(await made.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["token"]!;
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and waiting for the clean end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-TERM", Id.ToString()]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _process.WaitForExitAsync(patience.Token);
        }

        _process?.Dispose();
    }

    [GeneratedRegex(@"Sign in as\s+admin\s+with the password\s+(\S+)")]
    private static partial Regex PasswordLine();
}
