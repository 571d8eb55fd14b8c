using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Commands;
using Stemma.Cli.Get;
using Stemma.Cli.Put;
using Stemma.Client;
using Stemma.Hub.Accounts;
using Stemma.Hub.Tests.Support;
using Stemma.Worker;
using Stemma.Worker.Sandboxing;

namespace Stemma.Hub.Tests.Worker;

/// <summary>The command line, a worker with our own reader, and the real hub, together.</summary>
[Collection("reader children")]
public sealed class RealHubTests(TestDatabase database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_put_is_read_by_a_worker_and_can_be_got_back()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var folder = Directory.CreateTempSubdirectory("stemma-real-");
        var day = folder.CreateSubdirectory("day");
        await File.WriteAllBytesAsync(Path.Combine(day.FullName, "eve.mrc"), Mrc(40, 30), Token);
        await File.WriteAllTextAsync(Path.Combine(day.FullName, "notes.txt"), "plain words", Token);
        await File.WriteAllBytesAsync(Path.Combine(day.FullName, "short.mrc"), Mrc(40, 30)[..1100], Token);
        var large = new byte[9 << 20];
        new Random(1).NextBytes(large);
        await File.WriteAllBytesAsync(Path.Combine(day.FullName, "large.bin"), large, Token);
        WriteZip(Path.Combine(day.FullName, "more.zip"));
        using var client = new StemmaClient(stage.Hub.Address, (await stage.Hub.TokenAsync(stage.Owner, TokenScope.Manage)).Token);
        using var working = new StemmaClient(stage.Hub.Address, (await stage.Hub.TokenAsync(stage.Owner, TokenScope.Work)).Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = new WorkerOptions
        {
            Sandbox = ReaderSandbox.None,
            ChildCommand = [Path.Combine(AppContext.BaseDirectory, "stemma"), "read-child"], Readers = 1, Blobs = stage.Hub.Options.BlobFolder, Grace = TimeSpan.FromSeconds(1), Log = log.Enqueue,
        };
        var worker = new WorkerHost(working, await options.WithSandboxAsync(SandboxMode.Auto)).RunAsync(stop.Token);

        (await PutAsync(client, stage.Project, day.FullName)).ShouldBe(0);
        var sets = await ReadAsync(client, stage.Project, 7);

        sets.Count.ShouldBe(7, string.Join("; ", sets.Values.Select(set => $"{set.Name} {set.Reading} {set.ReadingNote}")) + string.Join("; ", log));
        sets["eve.mrc"].Reading.ShouldBe("read", sets["eve.mrc"].ReadingNote);
        sets["eve.mrc"].Image!.Shape.ShouldBe([30, 40]);
        sets["notes.txt"].Reading.ShouldBe("no_reader");
        sets["large.bin"].Reading.ShouldBe("no_reader");
        sets.Keys.Count(name => name.EndsWith("inside.mrc", StringComparison.Ordinal)).ShouldBe(1);
        sets.Single(set => set.Key.EndsWith("inside.mrc", StringComparison.Ordinal)).Value.Reading.ShouldBe("read");
        using (var http = stage.As(stage.Owner))
        {
            var thumbnail = await http.GetByteArrayAsync($"file-sets/{sets["eve.mrc"].Id}/images/0/thumbnail", Token);
            thumbnail.AsSpan(0, 2).ToArray().ShouldBe([0x89, (byte)'P'], "small images are kept without loss, as PNG");
        }

        var back = Path.Combine(folder.FullName, "back");
        var wanted = await Wanted.FindAsync(client, stage.Project.ToString(), Token);
        (await new GetRun(client, wanted, force: false, json: true).RunAsync(back, Token)).ShouldBe(0);
        (await File.ReadAllBytesAsync(Path.Combine(back, "day/large.bin"), Token)).ShouldBe(large);

        (await ListAsync("day/eve.mrc")).ShouldBe(0);
        (await Should.ThrowAsync<CommandException>(() => ListAsync("day/eve.mr"))).ExitCode.ShouldBe(ExitCode.Refused, "a path that is not there is no empty list");

        await stop.CancelAsync();
        await worker;
        folder.Delete(recursive: true);

        async Task<int> ListAsync(string path) => await LsCommand.Create()
            .Parse([$"{stage.Project}/{path}", "--json", "--hub", stage.Hub.Address.ToString(), "--token", (await stage.Hub.TokenAsync(stage.Owner, TokenScope.Manage)).Token!])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Token);
    }

    private static async Task<int> PutAsync(StemmaClient client, Guid project, string folder)
    {
        var node = await client.Nodes.GetAsync(project, Token);
        using var run = new PutRun(client, node, SourceFiles.Find([folder], Token), new PutOptions(null, null, 2, Unpack: true, Json: true));
        return await run.RunAsync(Token);
    }

    /// <summary>Waits until so many file sets are there and read, or known not to be readable.</summary>
    private static async Task<Dictionary<string, FileSet>> ReadAsync(StemmaClient client, Guid project, int count)
    {
        for (var tries = 0; ; tries++)
        {
            var sets = await client.FileSets.ListAsync(project, recursive: true, Token).ToDictionaryAsync(set => set.Name, cancellationToken: Token);
            if ((sets.Count >= count && sets.Values.All(set => set.Reading is "read" or "no_reader" or "failed")) || tries > 150)
                return sets;
            await Task.Delay(200, Token);
        }
    }

    /// <summary>An MRC2014 file of int16 (mode 1).</summary>
    private static byte[] Mrc(int columns, int rows)
    {
        var bytes = new byte[1024 + (columns * rows * 2)];
        int[] header = [columns, rows, 1, 1, 0, 0, 0, columns, rows, 1];
        Buffer.BlockCopy(header, 0, bytes, 0, header.Length * 4);
        "MAP "u8.CopyTo(bytes.AsSpan(208));
        bytes[212] = bytes[213] = 0x44;
        for (var index = 0; index < columns * rows; index++)
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(1024 + (2 * index)), (short)index);
        return bytes;
    }

    private static void WriteZip(string path)
    {
        using var zip = new System.IO.Compression.ZipArchive(File.Create(path), System.IO.Compression.ZipArchiveMode.Create);
        using (var entry = zip.CreateEntry("deep/inside.mrc").Open())
            entry.Write(Mrc(8, 8));
        using (var entry = zip.CreateEntry("readme.md").Open())
            entry.Write("words"u8);
        using var outside = zip.CreateEntry("../outside.txt").Open();
        outside.Write("words"u8);
    }
}
