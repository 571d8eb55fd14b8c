using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stemma.Bench.Ingest;

/// <summary>
/// Debian's Orthanc on loopback: an archive of DICOM files with a REST API, an index in SQLite, a storage of its own that is fresh for every run.
/// Its default is to sync every file that it stores (SyncStorageArea; strace shows one fdatasync per instance), but neither the file's folder nor the index.
/// </summary>
internal sealed class Orthanc : IAsyncDisposable
{
    private const string Program = "/usr/sbin/Orthanc";
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _client;

    private Orthanc(Process process, string folder, HttpClient client) => (_process, _folder, _client) = (process, folder, client);

    /// <param name="sync">Whether stored files are synced to the disk.</param>
    public static async Task<Orthanc> StartAsync(string folder, bool sync)
    {
        Directory.CreateDirectory(folder);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var settings = Path.Combine(folder, "orthanc.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new
        {
            Name = "bench", StorageDirectory = folder, IndexDirectory = folder, HttpPort = port, DicomServerEnabled = false, RemoteAccessAllowed = false, AuthenticationEnabled = false,
            KeepAlive = true, TcpNoDelay = true, StorageCompression = false, SyncStorageArea = sync, Plugins = Array.Empty<string>(),
        }));
        var process = Process.Start(new ProcessStartInfo(Program, [settings]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var orthanc = new Orthanc(process, folder, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") });
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                await orthanc._client.GetStringAsync("system");
                return orthanc;
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
            {
                // Not listening yet.
            }
        }
    }

    /// <returns>Seconds for all files.</returns>
    public async Task<double> UploadAsync(IReadOnlyList<string> files, int atOnce)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (file, cancellationToken) => await StoreAsync(await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public async Task StoreAsync(byte[] instance, CancellationToken cancellationToken = default)
    {
        using var answer = await _client.PostAsync("instances", new ByteArrayContent(instance), cancellationToken);
        var told = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode || (string?)JsonNode.Parse(told)?["Status"] != "Success")
            throw new InvalidOperationException($"Orthanc did not store an instance: {(int)answer.StatusCode} {told}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
