using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stemma.Hub.Storage;

namespace Stemma.Bench.Ingest;

/// <summary>What receiving, SHA-256 and durable writing allow: the shortest loop over Kestrel that does just that, in a process of its own.</summary>
internal static class LimitServer
{
    public const string Word = "--limit";
    private const int Gather = 256 << 10;

    public static async Task<int> RunAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var app = builder.Build();
        app.MapPut("/{name}", async (string name, HttpContext context) =>
        {
            var path = Path.Combine(folder, name);
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var vector = new List<ReadOnlyMemory<byte>>();
            long length = 0, begun = 0;
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync();
                if (read.Buffer.Length < Gather && !read.IsCompleted)
                {
                    context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                vector.Clear();
                foreach (var segment in read.Buffer)
                {
                    hash.AppendData(segment.Span);
                    vector.Add(segment);
                }

                RandomAccess.Write(file, vector, length);
                length += read.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (length - begun >= 32 << 20)
                {
                    Posix.BeginWriting(file, begun, length - begun);
                    begun = length;
                }

                if (read.IsCompleted)
                    break;
            }

            Posix.SyncData(file, path);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        });
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        Console.WriteLine(app.Urls.First() + "/");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
