using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Stemma.Bench.Crash;

/// <param name="Acknowledged">Deposits the hub had answered with success.</param>
/// <param name="Kills">How often each process was killed.</param>
/// <param name="Problems">Empty when everything acknowledged is there, whole, once, and read.</param>
public sealed record CrashReport(int Acknowledged, IReadOnlyDictionary<string, int> Kills, IReadOnlyList<string> Problems);

/// <summary>
/// Kills the hub, PostgreSQL and workers at random moments while files are deposited, and then looks whether every
/// acknowledged file is there, whole, once, and read in the end.
/// </summary>
public sealed class CrashRehearsal(string executable, string data, int rounds, int seed, Action<string> say)
{
    private const int Depositors = 4;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private readonly Dictionary<string, int> _kills = new() { ["hub"] = 0, ["PostgreSQL"] = 0, ["worker"] = 0 };

    public async Task<CrashReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var hub = new HubProcess(executable, data);
        await hub.StartAsync(cancellationToken);
        var token = await hub.TokenAsync(cancellationToken);
        using var client = Client(hub, token);
        using var created = await client.PostAsJsonAsync("projects", new { name = "Crash" }, cancellationToken);
        created.EnsureSuccessStatusCode();
        var project = (Guid)(await created.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["id"]!;

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var depositors = Enumerable.Range(0, Depositors).Select(number => DepositAsync(client, project, number, enough.Token)).ToArray();
        var random = new Random(seed);
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(random.Next(100, 1500), cancellationToken);
            var victim = Kill(hub, random.Next(3));
            if (victim == "hub")
                await hub.StartAsync(cancellationToken);
            say($"round {round}/{rounds}: killed {victim ?? "nobody (not running)"}, {_acknowledged.Count} acknowledged");
        }

        // A little calm, so that what was in flight is answered one way or the other.
        await Task.Delay(2000, cancellationToken);
        await enough.CancelAsync();
        await Task.WhenAll(depositors);
        return new CrashReport(_acknowledged.Count, _kills, await VerifyAsync(client, project, cancellationToken));
    }

    private static HttpClient Client(HubProcess hub, string token) =>
        new() { BaseAddress = new Uri(hub.Address, "api/v1/"), Timeout = TimeSpan.FromSeconds(30), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private async Task DepositAsync(HttpClient client, Guid project, int number, CancellationToken cancellationToken)
    {
        var random = new Random(seed * 31 + number);
        for (var count = 0; !cancellationToken.IsCancellationRequested; count++)
        {
            var bytes = Pictures.SmallTiff(random, random.Next(16, 300), random.Next(16, 300));
            var path = $"dataset {number}/{count:00000}.tif";
            var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            // As a client does: the same file again until it is acknowledged.
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    using var content = new ByteArrayContent(bytes);
                    using var answer = await client.PutAsync($"nodes/{project}/files/{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}", content, cancellationToken);
                    if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
                    {
                        _acknowledged[path] = digest;
                        break;
                    }
                }
                catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
                {
                    // Killed under us.
                }

                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private string? Kill(HubProcess hub, int choice)
    {
        switch (choice)
        {
            case 0:
                hub.Kill();
                break;
            case 1:
                if (PostmasterId() is not { } postmaster || !KillProcess(postmaster))
                    return null;
                break;
            default:
                // The worker or one of its reader children, whichever comes.
                var workers = Descendants(hub.Id).ToArray();
                if (workers.Length == 0 || !KillProcess(workers[Random.Shared.Next(workers.Length)]))
                    return null;
                break;
        }

        var name = choice switch { 0 => "hub", 1 => "PostgreSQL", _ => "worker" };
        _kills[name]++;
        return name;
    }

    private int? PostmasterId()
    {
        try
        {
            return int.Parse(File.ReadLines(Path.Combine(data, "postgres", "postmaster.pid")).First());
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<int> Descendants(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(id) == parent)
            {
                yield return id;
                foreach (var below in Descendants(id))
                    yield return below;
            }
    }

    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool KillProcess(int id)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-KILL", id.ToString()]) { RedirectStandardError = true })!;
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    private async Task<IReadOnlyList<string>> VerifyAsync(HttpClient client, Guid project, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var began = Stopwatch.GetTimestamp();
        await AnswersAsync(client, cancellationToken);
        while (await client.GetFromJsonAsync<JsonObject>("queue", cancellationToken) is { } queue && ((long)queue["queued"]! > 0 || (long)queue["running"]! > 0))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(5))
            {
                problems.Add($"the queue is not done after 5 minutes: {queue.ToJsonString()}");
                break;
            }

            await Task.Delay(500, cancellationToken);
        }

        var found = new Dictionary<string, int>();
        await foreach (var file in ListAsync(client, $"nodes/{project}/files", cancellationToken))
        {
            var path = (string)file["path"]!;
            found[path] = found.GetValueOrDefault(path) + 1;
            var bytes = await client.GetByteArrayAsync($"files/{(Guid)file["id"]!}/content", cancellationToken);
            var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (digest != (string)file["sha256"]! || _acknowledged.TryGetValue(path, out var expected) && digest != expected)
                problems.Add($"{path} has other bytes than were deposited");
        }

        problems.AddRange(_acknowledged.Keys.Where(path => !found.ContainsKey(path)).Select(path => $"{path} was acknowledged and is not there"));
        problems.AddRange(found.Where(pair => pair.Value > 1).Select(pair => $"{pair.Key} is there {pair.Value} times"));
        await foreach (var set in ListAsync(client, $"nodes/{project}/file-sets?recursive=true", cancellationToken))
            if ((string)set["reading"]! != "read")
                problems.Add($"{set["name"]} is {set["reading"]} ({set["readingNote"]}), not read");
        return problems;
    }

    /// <summary>Waits until the hub has its database again after the last kill.</summary>
    private static async Task AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30); await Task.Delay(200, cancellationToken))
        {
            using var answer = await client.GetAsync("queue", cancellationToken);
            if (answer.IsSuccessStatusCode)
                return;
        }

        throw new TimeoutException("The hub did not come to itself within 30 s of the last kill.");
    }

    private static async IAsyncEnumerable<JsonObject> ListAsync(
        HttpClient client, string address, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = (await client.GetFromJsonAsync<JsonObject>($"{address}{separator}limit=1000{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}", cancellationToken))!;
            foreach (var item in page["items"]!.AsArray())
                yield return item!.AsObject();
            cursor = (string?)page["next"];
        }
    }
}
