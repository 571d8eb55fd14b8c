using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>The worker's end of one reader child.</summary>
internal sealed class ReaderChild : IAsyncDisposable
{
    private const int KeptErrorChars = 2000;
    private static readonly JsonSerializerOptions Options = new(ClientJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly long PageBytes = Environment.SystemPageSize;

    private readonly Process _process;
    private readonly LineReader _lines;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StringBuilder _errors = new();
    private readonly Task _listening;
    private readonly string _statistics;
    private string? _endedBecause;

    private ReaderChild(Process process)
    {
        _process = process;
        _statistics = $"/proc/{process.Id}/statm";
        _lines = new LineReader(process.StandardOutput.BaseStream);
        _listening = ListenToErrorsAsync();
    }

    public int TasksDone { get; set; }

    /// <exception cref="InvalidOperationException">The command could not be started.</exception>
    public static ReaderChild Start(WorkerOptions options)
    {
        var command = new List<string>(options.ChildCommand) { "--memory", options.MemoryBytes.ToString(CultureInfo.InvariantCulture) };
        // From the first thread on: a niceness set later would hold for one thread only.
        if (options.Niceness > 0 && File.Exists("/usr/bin/nice"))
            command.InsertRange(0, ["/usr/bin/nice", "-n", options.Niceness.ToString(CultureInfo.InvariantCulture)]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // A reader that a hostile file took over must find nothing to use: no token, no settings of the hub. What it needs to run is named.
        foreach (var name in start.Environment.Keys.Where(name => !Needed(name)).ToList())
            start.Environment.Remove(name);
        // Our own heap gives up before the system has to; native libraries stay within the one core a reader is meant to use.
        start.Environment["DOTNET_GCHeapHardLimit"] = (options.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        // A child does not live long enough to earn back what instrumenting costs: 8.5 instead of 10.8 ms of processor time per small image over 600 of them.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // An image's arrays live for one task: among the young they are given back without a collection of everything, and the same memory is used again (4.5 → 3.6 ms).
        start.Environment["DOTNET_GCLOHThreshold"] = (32 << 20).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_GCgen0size"] = (64 << 20).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["VIPS_CONCURRENCY"] = "1";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        try
        {
            return new ReaderChild(Process.Start(start) ?? throw new InvalidOperationException("no process came into being"));
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"The reader could not be started ({string.Join(' ', command)}): {exception.Message}", exception);
        }
    }

    /// <summary>Memory in use, in bytes; 0 once it has ended.</summary>
    public long ResidentBytes()
    {
        try
        {
            return long.Parse(File.ReadAllText(_statistics).Split(' ')[1], CultureInfo.InvariantCulture) * PageBytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    public async Task SendAsync(ChildRequest request)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(request, Options);
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            var stream = _process.StandardInput.BaseStream;
            await stream.WriteAsync((byte[])[.. line, (byte)'\n']).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended; reading its answer will tell.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The next message; null when the child has ended or speaks nonsense.</summary>
    public async Task<ChildMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line ? JsonSerializer.Deserialize<ChildMessage>(line.Span, Options) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException)
        {
            End($"answered what cannot be understood ({exception.Message})");
            return null;
        }
    }

    /// <summary>Kills it.</summary>
    /// <param name="because">In words, completing "the reader …".</param>
    public void End(string because)
    {
        Interlocked.CompareExchange(ref _endedBecause, because, null);
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It had ended already.
        }
    }

    /// <summary>Why it ended, completing "the reader …".</summary>
    public async Task<string> ExplainAsync()
    {
        // Its output has ended: it is gone, or will be in a moment.
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
            End("ended its answers but not itself");
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _listening.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_endedBecause is { } because)
            return because;
        string last;
        lock (_errors)
            last = _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        var how = _process.ExitCode > 128 ? $"ended with signal {_process.ExitCode - 128}{Signal(_process.ExitCode - 128)}" : $"ended with status {_process.ExitCode}";
        return last.Length == 0 ? how : $"{how} (its last words: {(last.Length > 300 ? last[..300] : last)})";
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Its input ends: it leaves by itself.
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has left already.
        }

        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
            End("did not end with its input");
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _listening.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
        _writing.Dispose();
    }

    // What libraries print is read so that nobody blocks on it, and the end of it kept for the reason.
    private async Task ListenToErrorsAsync()
    {
        var buffer = new char[1024];
        int count;
        while ((count = await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            lock (_errors)
            {
                _errors.Append(buffer, 0, count);
                if (_errors.Length > KeptErrorChars)
                    _errors.Remove(0, _errors.Length - KeptErrorChars);
            }
    }

    private static string Signal(int number) => number switch
    {
        4 => ", illegal instruction",
        6 => ", aborted",
        7 => ", bus error",
        8 => ", arithmetic error",
        9 => ", killed: perhaps the machine ran out of memory",
        11 => ", invalid memory access",
        _ => "",
    };

    private static bool Needed(string name) =>
        name is "PATH" or "HOME" or "LANG" or "TMPDIR" or "LD_LIBRARY_PATH" || name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal);
}
