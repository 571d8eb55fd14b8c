using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Stemma.Client;
using Stemma.Formats;
using Stemma.Worker.Native;
using Stemma.Worker.Unpacking;

namespace Stemma.Worker.Reading;

/// <summary>
/// A process that opens untrusted files for a worker, one task at a time, and may crash, hang or grow without harm: one JSON object per line on
/// standard input and output. It ends when its standard input ends, whatever it is doing.
/// </summary>
public sealed class ReaderChildProgram
{
    private readonly FileSetReader _reader;
    private readonly ChildOutput _output;
    private readonly Channel<ChildTask> _tasks = Channel.CreateUnbounded<ChildTask>();
    private readonly TakenCount _taken = new();

    private readonly DescriptorChannel? _channel;

    private ReaderChildProgram(FormatRegistry formats, Stream output, DescriptorChannel? channel)
    {
        _channel = channel;
        _reader = new FileSetReader(formats);
        _output = new ChildOutput(output);
    }

    /// <summary>Takes over this process's standard streams and serves until input ends.</summary>
    /// <param name="memoryBytes">More private memory than this is refused by the system.</param>
    /// <param name="channel">Descriptor of the socket that brings the members as open files; the process then closes itself to system calls that reading never needs. Null: members are opened by their paths.</param>
    public static async Task<int> RunAsync(FormatRegistry formats, long memoryBytes, int? channel)
    {
        Posix.LeaveProcessGroup();
        // The worker watches what is really used. This bound only stops what grows faster than it looks.
        Posix.LimitMemory(memoryBytes + (memoryBytes / 2) + (512L << 20));
        await using var output = Posix.TakeStandardOutput();
        var input = Console.OpenStandardInput();
        using var members = channel is { } descriptor ? new DescriptorChannel(new SafeFileHandle(descriptor, ownsHandle: true)) : null;
        if (members is not null && WhyNotClosed() is { } reason)
        {
            await Console.Error.WriteLineAsync(reason).ConfigureAwait(false);
            return 1;
        }

        var program = new ReaderChildProgram(formats, output, members);
        new Thread(() => program.Listen(input, () => Posix.ExitNow(0))) { IsBackground = true, Name = "requests" }.Start();
        await program.ServeAsync().ConfigureAwait(false);
        return 0;
    }

    // A worker that looks for the best sandbox is told here, by the first reader it tries.
    private static string? WhyNotClosed() =>
        !Directory.Exists(Path.GetTempPath()) ? $"{Path.GetTempPath()} cannot be reached as this user"
        : SystemCallFilter.Close() is { } refused ? $"system calls could not be filtered: {refused}"
        : null;

    /// <summary>Serves streams of the caller's; for tests.</summary>
    internal static async Task RunAsync(FormatRegistry formats, Stream input, Stream output)
    {
        var program = new ReaderChildProgram(formats, output, null);
        var listening = Task.Run(() => program.Listen(input, () => program._tasks.Writer.Complete()));
        await program.ServeAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
    }

    // On a thread of its own, so that the end of input is seen while a task runs.
    private void Listen(Stream input, Action ended)
    {
        try
        {
            var lines = new LineReader(input);
            while (lines.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } line)
            {
                var request = JsonSerializer.Deserialize<ChildRequest>(line.Span, ClientJson.Options)!;
                if (request.Taken is { } taken)
                    _taken.Set(taken);
                if (request.Task is { } task)
                    _tasks.Writer.TryWrite(task);
            }
        }
        finally
        {
            ended();
        }
    }

    private async Task ServeAsync()
    {
        await foreach (var task in _tasks.Reader.ReadAllAsync().ConfigureAwait(false))
            _output.Write(await DoAsync(task).ConfigureAwait(false));
    }

    private async Task<ChildMessage> DoAsync(ChildTask task)
    {
        try
        {
            using var members = new GivenMembers(task.Members, _channel, _output.Alive);
            if (task.Kind == "unpack")
            {
                _taken.Set(0);
                var unpacked = new ArchiveUnpacker(UnpackLimits.Default, _output, _taken).Unpack(members.Files[0], task.Folder);
                return new ChildMessage(Done: new ChildDone(JsonSerializer.SerializeToElement(unpacked, ClientJson.Options), [], Retire: false));
            }

            var (result, artifacts) = await _reader.ReadAsync(new FileSetInput(members.Files), task.Folder, _output.Alive, CancellationToken.None).ConfigureAwait(false);
            return new ChildMessage(Done: new ChildDone(JsonSerializer.SerializeToElement(result, ClientJson.Options), artifacts, Retire: false));
        }
        catch (Exception exception)
        {
            return new ChildMessage(Failed: Explain(exception, task.Members[0].Name));
        }
    }

    private static ChildFailed Explain(Exception exception, string name) => exception switch
    {
        UnknownFormatException or UnsupportedVariantException => new ChildFailed(FailureKind.NoReader, exception.Message, Retire: false),
        MalformedFileException => new ChildFailed(FailureKind.Damaged, exception.Message, Retire: false),
        InsufficientMemoryException or OutOfMemoryException => new ChildFailed(FailureKind.Crashed, $"the reader ran out of memory while reading {name}", Retire: true),
        _ => new ChildFailed(FailureKind.Internal, $"the reader failed while reading {name}: {exception.GetType().Name}: {exception.Message}", Retire: true),
    };
}
