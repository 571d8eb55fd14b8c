using System.Diagnostics;

namespace Stemma.Cli.Terminal;

/// <summary>One line at the foot of a terminal: how much is done, how fast, how long still. Silent where standard error is not a terminal. Safe for concurrent use.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int Cells = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RateOver = TimeSpan.FromSeconds(8);
    private readonly Lock _gate = new();
    private readonly Queue<(long Time, long Bytes)> _marks = new();
    private readonly int _files;
    private readonly long _bytes;
    private readonly Timer? _timer;
    private int _filesDone;
    private long _bytesDone;
    private long _skipped;
    private string? _note;

    /// <param name="show">Whether there is anybody to look.</param>
    public ProgressLine(int files, long bytes, bool show)
    {
        (_files, _bytes) = (files, bytes);
        if (show && !Console.IsErrorRedirected)
            _timer = new Timer(_ => Draw(), null, Interval, Interval);
    }

    public void FileDone() => Interlocked.Increment(ref _filesDone);

    public void Add(long bytes) => Interlocked.Add(ref _bytesDone, bytes);

    /// <summary>Bytes that need not move; they count as done but not as speed.</summary>
    public void Skip(long bytes) => Interlocked.Add(ref _skipped, bytes);

    /// <summary>Shown instead of the speed until the next byte moves.</summary>
    public void Note(string? note) => Volatile.Write(ref _note, note);

    /// <summary>A line that stays, above the progress.</summary>
    public void Line(string text)
    {
        lock (_gate)
        {
            if (_timer is not null)
                Console.Error.Write("\r\e[K");
            Console.Error.WriteLine(text);
        }
    }

    public void Dispose()
    {
        if (_timer is null)
            return;
        _timer.Dispose();
        lock (_gate)
            Console.Error.Write("\r\e[K");
    }

    private void Draw()
    {
        lock (_gate)
        {
            var moved = Interlocked.Read(ref _bytesDone);
            var done = moved + Interlocked.Read(ref _skipped);
            _marks.Enqueue((Stopwatch.GetTimestamp(), moved));
            while (_marks.Count > 2 && Stopwatch.GetElapsedTime(_marks.Peek().Time) > RateOver)
                _marks.Dequeue();
            var (since, from) = _marks.Peek();
            var rate = (moved - from) / Math.Max(0.001, Stopwatch.GetElapsedTime(since).TotalSeconds);
            var part = _bytes == 0 ? (double)_filesDone / Math.Max(1, _files) : Math.Min(1, (double)done / _bytes);
            var filled = (int)(part * Cells);
            var tail = Volatile.Read(ref _note) ?? (rate < 1 ? "" : $"{Amounts.Bytes((long)rate)}/s  {Amounts.Duration(TimeSpan.FromSeconds(Math.Min(359_999, (_bytes - done) / rate)))} left");
            var line = $"{new string('█', filled)}{new string('░', Cells - filled)} {_filesDone:N0}/{_files:N0} files  {Amounts.Bytes(done)} of {Amounts.Bytes(_bytes)}  {tail}";
            var width = Math.Max(20, Width() - 1);
            Console.Error.Write($"\r{(line.Length > width ? line[..width] : line)}\e[K");
        }
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
