using Microsoft.Win32.SafeHandles;
using Stemma.Client;

namespace Stemma.Worker.Host;

/// <summary>A claimed task until it is handed in.</summary>
internal sealed class HeldTask(WorkTask task, string folder, CancellationToken stop) : IDisposable
{
    private readonly CancellationTokenSource _dropped = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private long _lastBeat = Environment.TickCount64;

    public WorkTask Task { get; } = task;

    /// <summary>For fetched inputs, large artifacts and entries: there once it was made, and gone when the task is.</summary>
    public string Folder { get; } = folder;

    /// <summary>The members, opened by us for a child that may open nothing else.</summary>
    public IReadOnlyList<SafeFileHandle> Inputs { get; set; } = [];

    /// <summary>Cancelled when nobody wants the result any more, or the worker stops.</summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>Whether the hub gave the task to somebody else or cancelled it.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>0 to 1; null where unknown.</summary>
    public double? Progress { get; set; }

    public string? Note { get; set; }

    /// <summary>What a person calls it.</summary>
    public string Name => Task.Members.Count > 0 ? Task.Members[0].Name : Task.Id.ToString();

    public TimeSpan SinceBeat => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastBeat));

    public void Beaten() => Volatile.Write(ref _lastBeat, Environment.TickCount64);

    public void Drop()
    {
        IsVoid = true;
        try
        {
            _dropped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was handed in this very moment.
        }
    }

    /// <returns><see cref="Folder"/>, which is there now.</returns>
    public string MakeFolder()
    {
        ScratchFolder.Create(Folder);
        return Folder;
    }

    public void Dispose()
    {
        _dropped.Dispose();
        foreach (var input in Inputs)
            input.Dispose();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
