using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>The program itself as <c>stemma serve</c>, with the database of the tests and a folder of its own; and <c>stemma</c> commands run against it.</summary>
public sealed partial class ServedHub : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _configuration = Directory.CreateTempSubdirectory("stemma-config-").FullName;

    private ServedHub(string data, IEnumerable<string> arguments)
    {
        Data = data;
        // What a person logged in to is not known to the hub and its worker.
        _process = Start("hub", ["serve", "--data", data, "--no-demo", .. arguments]);
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Data { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Of the account <c>admin</c>.</summary>
    public string Password { get; private set; } = "";

    /// <summary>All that it said so far.</summary>
    public string Said => string.Join('\n', _lines);

    /// <summary>Starts, and waits until it serves.</summary>
    public static async Task<ServedHub> StartAsync(TestDatabase database, params string[] arguments)
    {
        var hub = new ServedHub(Directory.CreateTempSubdirectory("stemma-served-").FullName, ["--postgres", await database.CloneAsync(), .. arguments]);
        await hub.SaysAsync(ServesNow());
        hub.Address = new Uri(Addressed().Match(hub.Said).Groups[1].Value);
        hub.Password = PasswordLine().Match(hub.Said).Groups[1].Value;
        return hub;
    }

    /// <summary>Runs a command as a person of this machine, and expects it to succeed.</summary>
    public async Task RunAsync(string[] arguments, string input = "")
    {
        var (exitCode, said) = await TryAsync(arguments, input);
        exitCode.ShouldBe(0, $"stemma {string.Join(' ', arguments)}: {said}");
    }

    /// <summary>Runs a command as a person of this machine; its exit code, and all that it said.</summary>
    public async Task<(int ExitCode, string Said)> TryAsync(string[] arguments, string input = "")
    {
        using var process = Start("person", arguments);
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]))
                await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Data, recursive: true);
        Directory.Delete(_configuration, recursive: true);
    }

    private async Task SaysAsync(Regex what)
    {
        for (var tries = 0; !what.IsMatch(Said); tries++)
        {
            (tries < 600 && !_process.HasExited).ShouldBeTrue($"The hub does not start. It said: {Said}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private Process Start(string who, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "stemma"), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["XDG_CONFIG_HOME"] = Path.Combine(_configuration, who) },
        })!;

    [GeneratedRegex("Ctrl-C stops it")]
    private static partial Regex ServesNow();

    [GeneratedRegex(@"Stemma is at (\S+)")]
    private static partial Regex Addressed();

    [GeneratedRegex(@"with the password\s+(\S+)")]
    private static partial Regex PasswordLine();
}
