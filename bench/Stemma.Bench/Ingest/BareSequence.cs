using System.Diagnostics;
using Npgsql;
using Stemma.Hub.Storage;

namespace Stemma.Bench.Ingest;

/// <summary>
/// The least that a durable deposit can be: write, sync, rename, sync the folder, commit one row. No network, no digest, no catalog. On threads of its own,
/// into the same file system and the same PostgreSQL as the hub.
/// </summary>
/// <param name="writer">Writes past the page cache, as the hub does; null: through it.</param>
internal sealed class BareSequence(string folder, string postgres, DirectWriter? writer = null)
{
    public async Task PrepareAsync()
    {
        Directory.CreateDirectory(Path.Combine(folder, "incoming"));
        for (var number = 0; number < 256; number++)
            Directory.CreateDirectory(Path.Combine(folder, "blobs", number.ToString("x2")));
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("create table if not exists bench_commits (name text primary key, size bigint not null)", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Seconds for all files.</returns>
    public double Run(int round, int count, int size, int threads)
    {
        var next = 0;
        using var source = PageBuffer.Rent(size);
        Random.Shared.NextBytes(source.Span[..size]);
        var began = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            using var connection = new NpgsqlConnection(postgres);
            connection.Open();
            using var command = new NpgsqlCommand("insert into bench_commits values ($1, $2)", connection) { Parameters = { new(), new() } };
            for (int number; (number = Interlocked.Increment(ref next)) <= count;)
            {
                var name = $"{(writer is null ? "" : "direct-")}{round}-{size}-{number}";
                var temporary = Path.Combine(folder, "incoming", name);
                var place = Path.Combine(folder, "blobs", ((uint)(number * 2654435761) >> 24).ToString("x2"));
                using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
                {
                    if (writer is null)
                        RandomAccess.Write(file, source.Span[..size], 0);
                    else
                        writer.Write(file, source.Span[..size], 0);
                    Posix.SyncData(file, temporary);
                }

                File.Move(temporary, Path.Combine(place, name));
                Posix.SyncFolder(place);
                (command.Parameters[0].Value, command.Parameters[1].Value) = (name, (long)size);
                command.ExecuteNonQuery();
            }
        })).ToArray();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Makes room: the files of a round are of no use after it.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "blobs"), "*", SearchOption.AllDirectories))
            File.Delete(file);
    }
}
