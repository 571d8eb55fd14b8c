using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;
using Stemma.Client;
using Stemma.Worker.Native;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>The worker's end of one reader child.</summary>
internal sealed class ReaderChild : IAsyncDisposable
{
    private const int KeptErrorChars = 2000;
    private static readonly JsonSerializerOptions Options = new(ClientJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly long PageBytes = Environment.SystemPageSize;

    private readonly Process _process;
    private readonly WorkerOptions _options;
    private readonly ChildFolder _folder;
    private readonly DescriptorChannel? _channel;
    private readonly LineReader _lines;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StringBuilder _errors = new();
    private readonly Task _listening;
    private string? _statistics;
    private string? _endedBecause;

    private ReaderChild(Process process, WorkerOptions options, ChildFolder folder, DescriptorChannel? channel)
    {
        _process = process;
        _options = options;
        _folder = folder;
        _channel = channel;
        _lines = new LineReader(process.StandardOutput.BaseStream);
        _listening = ListenToErrorsAsync();
    }

    public int TasksDone { get; set; }

    /// <param name="scratch">The worker's folder, for one of the child's own.</param>
    /// <exception cref="InvalidOperationException">The command could not be started.</exception>
    public static async Task<ReaderChild> StartAsync(WorkerOptions options, string scratch)
    {
        var folder = new ChildFolder(scratch, options.Sandbox);
        var (channel, childsEnd) = options.Sandbox.IsClosed ? DescriptorChannel.Pair() : (null, null);
        try
        {
            var start = Command(options, folder, childsEnd);
            return await StartingThread.RunAsync(() => new ReaderChild(Start(start), options, folder, channel)).ConfigureAwait(false);
        }
        catch
        {
            channel?.Dispose();
            folder.Dispose();
            throw;
        }
        finally
        {
            childsEnd?.Dispose();
        }
    }

    /// <summary>Gives it a task whose members' bytes may be read. What it answers then is read with <see cref="ReadAsync"/>.</summary>
    public async Task BeginAsync(HeldTask held, ChildTask task)
    {
        var seen = task with { Folder = _options.Sandbox.Inside(_folder.Folders).Work };
        if (_channel is null)
        {
            await SendAsync(new ChildRequest(Task: seen)).ConfigureAwait(false);
            return;
        }

        await SendAsync(new ChildRequest(Task: seen with { Members = [.. task.Members.Select(member => member with { Path = null })] })).ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        try
        {
            foreach (var inputs in held.Inputs.Chunk(DescriptorChannel.AtOnce))
                while (!_channel.TrySend(inputs) && Stopwatch.GetElapsedTime(started) < _options.SilentFor)
                    await Task.Delay(TimeSpan.FromMilliseconds(1), held.Dropped).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended; reading its answer will tell.
        }
    }

    /// <summary>Moves a file that it made out of its reach.</summary>
    /// <returns>The file's path now.</returns>
    /// <exception cref="IOException">It made none of this name.</exception>
    public string TakeOver(string file, string folder) => _folder.TakeOver(file, folder);

    /// <summary>Removes what is left of a task.</summary>
    /// <returns>False when that cannot be done before the child has ended.</returns>
    public bool TryCleanUp() => _folder.TryEmpty();

    /// <summary>Memory in use, in bytes; 0 once it has ended.</summary>
    public long ResidentBytes()
    {
        try
        {
            _statistics ??= Reader() is { } reader ? $"/proc/{reader}/statm" : null;
            return _statistics is null ? 0 : long.Parse(File.ReadAllText(_statistics).Split(' ')[1], CultureInfo.InvariantCulture) * PageBytes;
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

    /// <summary>Ends its input and waits for it, before it had any task.</summary>
    /// <returns>Null when it left as it should; else how, completing "the reader …".</returns>
    public async Task<string?> TryOutAsync()
    {
        _process.StandardInput.Close();
        // Also on a machine that is very busy.
        using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1)))
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var how = await ExplainAsync().ConfigureAwait(false);
        return how == "ended with status 0" ? null : how;
    }

    /// <summary>The next message; null when the child has ended or speaks nonsense.</summary>
    public async Task<ChildMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line ? Checked(JsonSerializer.Deserialize<ChildMessage>(line.Span, Options)) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException)
        {
            End($"answered what cannot be understood ({exception.Message})");
            return null;
        }
    }

    /// <summary>It may have been taken over, and leave away what the records have.</summary>
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    private static ChildMessage? Checked(ChildMessage? message) =>
        message is { Done: { } done } && (done.Result.ValueKind != JsonValueKind.Object || done.Artifacts?.All(artifact => artifact is { Name: not null, MediaType: not null, Path: not null }) != true)
            || message is { Entry: { } entry } && entry is not { Path: not null, File: not null, Sha256: not null }
            || message is { Failed: { Reason: null } }
            ? throw new InvalidDataException("a part of the answer is missing") : message;

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
        _channel?.Dispose();
        _folder.Dispose();
    }

    private static ProcessStartInfo Command(WorkerOptions options, ChildFolder folder, SafeFileHandle? channel)
    {
        var command = new List<string>();
        // A session of its own: Ctrl-C at the terminal reaches the worker, and not what stands between it and the reader; nor can the reader reach the terminal.
        if (options.Sandbox.IsClosed && File.Exists("/usr/bin/setsid"))
            command.Add("/usr/bin/setsid");
        // From the first thread on: a niceness set later would hold for one thread only.
        if (options.Niceness > 0 && File.Exists("/usr/bin/nice"))
            command.AddRange(["/usr/bin/nice", "-n", options.Niceness.ToString(CultureInfo.InvariantCulture)]);
        command.AddRange([.. options.Sandbox.Before(options, folder.Folders), .. options.ChildCommand, "--memory", options.MemoryBytes.ToString(CultureInfo.InvariantCulture)]);
        if (channel is not null)
            command.AddRange(["--channel", channel.DangerousGetHandle().ToString(CultureInfo.InvariantCulture)]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // A reader that a hostile file took over must find nothing to use: no token, no settings of the hub. What it needs to run is named.
        foreach (var name in start.Environment.Keys.Where(name => !Needed(name)).ToList())
            start.Environment.Remove(name);
        if (options.Sandbox.IsClosed)
        {
            start.Environment["HOME"] = start.Environment["TMPDIR"] = options.Sandbox.Inside(folder.Folders).Temporary;
            // /etc, where it may be named, is not there.
            start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
            // A debugger's door, by socket.
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
        }

        // Our own heap gives up before the system has to; native libraries stay within the one core a reader is meant to use.
        start.Environment["DOTNET_GCHeapHardLimit"] = (options.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        // A child does not live long enough to earn back what compiling methods a second time costs: 4.0 instead of 5.0 ms of processor time per small image over
        // 500 of them, and as much as before over 2,000.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        // An image's arrays live for one task: among the young they are given back without a collection of everything, and the same memory is used again (4.5 → 3.6 ms).
        start.Environment["DOTNET_GCLOHThreshold"] = (32 << 20).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_GCgen0size"] = (64 << 20).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["VIPS_CONCURRENCY"] = "1";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process came into being");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"The reader could not be started ({start.FileName} {string.Join(' ', start.ArgumentList)}): {exception.Message}", exception);
        }
    }

    /// <summary>The reader's number behind what was started; null while it is not there yet.</summary>
    private int? Reader()
    {
        var process = _process.Id;
        for (var level = 0; level < _options.Sandbox.LevelsToReader; level++)
        {
            var children = File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (children.Length == 0)
                return null;
            process = int.Parse(children[0], CultureInfo.InvariantCulture);
        }

        return process;
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
