using Stemma.Client;

namespace Stemma.Worker.Reading;

/// <summary>The artifacts of one task. Small ones go to the worker together with the answer: making, moving and removing a file costs more than its bytes.</summary>
/// <param name="folder">For the others.</param>
internal sealed class MadeArtifacts(string folder)
{
    private const int TogetherBytes = 1 << 20;
    private readonly List<Artifact> _all = [];
    private int _left = TogetherBytes;

    public IReadOnlyList<Artifact> All => _all;

    /// <param name="file">Name of the file, one of its own for all the bytes of a task.</param>
    /// <param name="names">One or more: the same bytes may be several artifacts.</param>
    public void Add(string file, string mediaType, byte[] bytes, params IEnumerable<string> names)
    {
        var path = Path.Combine(folder, file);
        var together = bytes.Length <= _left;
        if (together)
            _left -= bytes.Length;
        else
            Write(path, bytes);
        foreach (var (index, name) in names.Index())
            _all.Add(new Artifact(name, mediaType, path, together && index == 0 ? bytes : null));
    }

    private static void Write(string path, byte[] bytes)
    {
        // In a sandbox an existing file cannot be opened for writing.
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, bytes, 0);
    }
}
