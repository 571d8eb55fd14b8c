using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Bench.Processes;
using Stemma.Client;

namespace Stemma.Bench.Crash;

/// <summary>Looks, through the API, whether every acknowledged file is there, whole, once, recorded once, and read in the end.</summary>
/// <param name="acknowledged">Digests by path.</param>
internal sealed class Verification(HubProcess hub, StemmaClient client, Guid project, IReadOnlyDictionary<string, string> acknowledged)
{
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMinutes(5);
    private readonly List<string> _problems = [];

    /// <param name="hurry">Lets the leases of dead workers run out at once.</param>
    public async Task<IReadOnlyList<string>> ProblemsAsync(bool hurry, CancellationToken cancellationToken)
    {
        using var http = hub.Http();
        await ReadingEndsAsync(http, hurry, cancellationToken);
        var files = await client.Nodes.FilesAsync(project, cancellationToken).ToListAsync(cancellationToken);
        await CheckFilesAsync(http, files, cancellationToken);
        var sets = await client.FileSets.ListAsync(project, recursive: true, cancellationToken).ToListAsync(cancellationToken);
        _problems.AddRange(sets.Where(set => set.Reading != "read").Select(set => $"{set.Name} is {set.Reading} ({set.ReadingNote}), not read"));
        await CheckEventsAsync(http, files, sets, cancellationToken);
        return _problems;
    }

    private sealed record Queue(long Queued, long Running);

    private async Task ReadingEndsAsync(HttpClient http, bool hurry, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); await http.GetFromJsonAsync<Queue>("queue", cancellationToken) is { } queue && queue.Queued + queue.Running > 0; await Task.Delay(200, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(began) > ReadWithin)
            {
                _problems.Add($"after {ReadWithin.TotalMinutes} minutes {queue.Queued} files wait to be read and {queue.Running} are being read");
                return;
            }

            if (hurry)
                await EndLeasesAsync(cancellationToken);
        }
    }

    /// <summary>A minute passes for workers that are no more. Their names end with their process.</summary>
    private async Task EndLeasesAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(hub.PostgresConnection);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("update tasks set lease_until = now() where state = 'running' and lease_until > now() and split_part(worker, ':', 2)::int <> all ($1)", connection)
        {
            Parameters = { new() { Value = ProcessTree.Descendants(hub.Id).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CheckFilesAsync(HttpClient http, List<ManifestFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(await http.GetByteArrayAsync($"files/{file.Id}/content", cancellationToken)));
            if (digest != file.Sha256 || digest != acknowledged.GetValueOrDefault(file.Path))
                _problems.Add($"{file.Path} has the bytes {digest}, is listed with {file.Sha256} and was acknowledged with {acknowledged.GetValueOrDefault(file.Path) ?? "nothing"}");
        }

        var times = files.CountBy(file => file.Path).ToDictionary();
        _problems.AddRange(acknowledged.Keys.Where(path => !times.ContainsKey(path)).Select(path => $"{path} was acknowledged and is not there"));
        _problems.AddRange(times.Where(pair => pair.Value > 1).Select(pair => $"{pair.Key} is there {pair.Value} times"));
    }

    private async Task CheckEventsAsync(HttpClient http, List<ManifestFile> files, List<FileSet> sets, CancellationToken cancellationToken)
    {
        var happened = new Dictionary<(string Type, Guid Of), int>();
        foreach (var dataset in files.Select(file => file.DatasetId).Distinct())
            for (string? cursor = ""; cursor is not null;)
            {
                var page = (await http.GetFromJsonAsync<JsonObject>($"nodes/{dataset}/events?limit=1000{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}", cancellationToken))!;
                foreach (var entry in page["items"]!.AsArray())
                {
                    var key = ((string)entry!["type"]!, (Guid)entry["objectId"]!);
                    happened[key] = happened.GetValueOrDefault(key) + 1;
                }

                cursor = (string?)page["next"];
            }

        Expect("file.deposited", files.Select(file => (file.Id, file.Path)));
        Expect("file-set.read", sets.Select(set => (set.Id, set.Name)));

        void Expect(string type, IEnumerable<(Guid Id, string Name)> objects)
        {
            foreach (var (id, name) in objects)
                if (!happened.Remove((type, id), out var times) || times > 1)
                    _problems.Add($"{name} has {times} events {type}, not one");
            _problems.AddRange(happened.Where(pair => pair.Key.Type == type).Select(pair => $"an event {type} is of {pair.Key.Of}, which is not there"));
        }
    }
}
