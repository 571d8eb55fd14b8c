using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Stemma.Bench;

/// <summary>A process of our own, measured from outside. It says one line of JSON when it is ready, and ends when its input does.</summary>
public sealed class Child<TReady> : IAsyncDisposable
{
    private readonly Process _process;

    internal Child(Process process, TReady ready) => (_process, Ready) = (process, ready);

    public TReady Ready { get; }

    /// <summary>Highest resident memory so far, as the kernel counts it.</summary>
    public double PeakMiB()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(row => row.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

public static class Child
{
    public static async Task<Child<TReady>> StartAsync<TReady>(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{arguments[0]} did not start.");
        return new Child<TReady>(process, JsonSerializer.Deserialize<TReady>(line)!);
    }
}
