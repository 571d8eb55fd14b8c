using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Stemma.Bench.Crash;

namespace Stemma.Bench.Extract;

/// <summary>How many files per second two readers identify, map, picture and hand in, once they are deposited.</summary>
internal static class ExtractBench
{
    private const int Readers = 2;

    public static async Task<int> RunAsync(Report report, bool quick)
    {
        var data = Directory.CreateTempSubdirectory("stemma-extract-").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)Convert.ToInt32("755", 8));
        var count = quick ? 500 : 2000;
        try
        {
            await using var hub = new HubProcess(HubProcess.Executable(), Path.Combine(data, "hub"), "--readers", "0");
            await hub.StartAsync(CancellationToken.None);
            using var client = new HttpClient { BaseAddress = new Uri(hub.Address, "api/v1/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await hub.TokenAsync(CancellationToken.None)) } };
            var project = (Guid)(await PostAsync(client, "projects", new { name = "Extract" }))["id"]!;
            var work = (string)(await PostAsync(client, "tokens", new { name = "work", scope = "work" }))["token"]!;

            report.Say($"Depositing {count} TIFFs of 512 × 512 pixels …");
            var random = new Random(1);
            for (var number = 0; number < count; number++)
            {
                using var answer = await client.PutAsync($"nodes/{project}/files/pictures/{number:00000}.tif", new ByteArrayContent(Pictures.SmallTiff(random, 512, 512)));
                answer.EnsureSuccessStatusCode();
            }

            var began = Stopwatch.GetTimestamp();
            var start = new ProcessStartInfo(HubProcess.Executable(), ["work", "--hub", hub.Address.ToString(), "--readers", Readers.ToString(), "--blobs", Path.Combine(hub.Data, "blobs"), "--end-with-input"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["STEMMA_TOKEN"] = work },
            };
            using var worker = Process.Start(start)!;
            while (await client.GetFromJsonAsync<JsonObject>("queue") is { } queue && (long)queue["queued"]! + (long)queue["running"]! > 0)
                await Task.Delay(100);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            worker.StandardInput.Close();
            await worker.WaitForExitAsync();

            var failed = (long)(await client.GetFromJsonAsync<JsonObject>("queue"))!["failed"]!;
            report.Add(new Measurement("extract", $"{count} × 512×512, {Readers} readers, start included", seconds, count / seconds, "files/s"));
            if (failed > 0)
                Console.Error.WriteLine($"{failed} files failed");
            return failed == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string address, object body)
    {
        using var answer = await client.PostAsJsonAsync(address, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
