using System.Diagnostics;

namespace Stemma.Bench.Ingest;

/// <summary><see cref="LimitServer"/> in a process of its own. It ends when its input does.</summary>
internal sealed class LimitProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LimitProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public int Id => _process.Id;

    public static async Task<LimitProcess> StartAsync(string folder)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [LimitServer.Word, folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new LimitProcess(process, await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server without a hub did not start."));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
