namespace Stemma.Cli.Harvest;

/// <summary>Tells which files have come to rest: seen twice with the same size and time, long enough apart.</summary>
internal sealed class StableFiles(TimeSpan stable, TimeProvider clock)
{
    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    private readonly record struct Seen(long Size, DateTime Modified, long Since);

    /// <summary>Notes how a file looks now.</summary>
    /// <returns>Whether it has looked so for long enough.</returns>
    public bool See(string path, long size, DateTime modified)
    {
        if (_seen.TryGetValue(path, out var before) && before.Size == size && before.Modified == modified)
            return clock.GetElapsedTime(before.Since) >= stable;
        _seen[path] = new Seen(size, modified, clock.GetTimestamp());
        return stable <= TimeSpan.Zero;
    }

    /// <summary>Forgets a file that was taken or is gone.</summary>
    public void Forget(string path) => _seen.Remove(path);

    /// <summary>Forgets all that were not seen in the last look.</summary>
    public void Keep(IReadOnlySet<string> present)
    {
        foreach (var gone in _seen.Keys.Where(path => !present.Contains(path)).ToList())
            _seen.Remove(gone);
    }
}
