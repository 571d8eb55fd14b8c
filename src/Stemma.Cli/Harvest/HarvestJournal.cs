using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stemma.Cli.Connection;
using Stemma.Client;

namespace Stemma.Cli.Harvest;

/// <summary>A file that was taken: as it was, and what it became.</summary>
/// <param name="Path">Below the watched folder, separated by <c>/</c>.</param>
/// <param name="FileId">The hub's file.</param>
/// <param name="RenamedFrom">Where the same bytes were taken from before; null for a file that was sent.</param>
internal sealed record TakenFile(string Path, long Size, DateTime Modified, string Sha256, Guid FileId, DateTimeOffset TakenAt, string? RenamedFrom);

/// <summary>
/// What a harvest has taken, one JSON line per file, beside the configuration and never in the watched folder. A line is written only after the hub
/// acknowledged the file; a crash before it means that the file is offered once more, which the hub answers with "already there".
/// </summary>
internal sealed class HarvestJournal : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<string, TakenFile> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TakenFile> _byDigest = new(StringComparer.Ordinal);
    private readonly HashSet<long> _sizes = [];

    private HarvestJournal(FileStream file) => _file = file;

    /// <summary>Where the journal of a folder and destination is kept.</summary>
    public static string PathOf(string folder, Uri hub, Guid destination) =>
        Path.Combine(Settings.Folder, "harvest", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{folder}\n{hub}\n{destination}")))[..24] + ".jsonl");

    /// <exception cref="IOException">Another harvest holds it.</exception>
    public static HarvestJournal Open(string path)
    {
        Settings.MakeFolder(Path.GetDirectoryName(path)!);
        var journal = new HarvestJournal(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        journal.Load();
        return journal;
    }

    /// <summary>What was last taken from this path; null for nothing.</summary>
    public TakenFile? At(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Whether anything of this size was taken, so that a digest is worth computing.</summary>
    public bool HasSize(long size) => _sizes.Contains(size);

    public TakenFile? WithDigest(string sha256) => _byDigest.GetValueOrDefault(sha256);

    public void Add(TakenFile file)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(file, ClientJson.Options));
        _file.WriteByte((byte)'\n');
        _file.Flush(flushToDisk: true);
        Remember(file);
    }

    public void Dispose() => _file.Dispose();

    private void Load()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var whole = 0L;
        while (reader.ReadLine() is { } line)
        {
            try
            {
                Remember(JsonSerializer.Deserialize<TakenFile>(line, ClientJson.Options)!);
                whole += Encoding.UTF8.GetByteCount(line) + 1;
            }
            catch (JsonException)
            {
                // A crash in the middle of the last line: it was not acknowledged to anybody.
                break;
            }
        }

        _file.SetLength(Math.Min(whole, _file.Length));
        _file.Seek(0, SeekOrigin.End);
    }

    private void Remember(TakenFile file)
    {
        _byPath[file.Path] = file;
        _byDigest[file.Sha256] = file;
        _sizes.Add(file.Size);
    }
}
