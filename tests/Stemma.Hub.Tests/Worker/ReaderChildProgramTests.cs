using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Hub.Tests.Worker;

/// <summary>The reader child's conversation, in this process, with a format of the tests.</summary>
public sealed class ReaderChildProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-child-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_set_becomes_a_result_and_artifacts()
    {
        var answers = await AskAsync(Extract("set/eve.toy", ToyFormat.Make(3, 5)));

        var done = answers.Single(answer => answer.Done is not null).Done!;
        var result = JsonSerializer.Deserialize<TaskResult>(done.Result, ClientJson.Options)!;
        result.Format.ShouldBe("toy");
        result.ReaderVersion.ShouldBe("3");
        result.Images!.Single().Shape.ShouldBe([3, 5]);
        result.Acquisition!["accelerating_voltage"]!["value"]!.GetValue<double>().ShouldBe(200_000);
        result.Members.ShouldBe([new ExtractedMember("set/eve.toy", "primary")]);
        result.Companions.ShouldBe(["toy.txt"]);
        done.Artifacts.Select(artifact => artifact.Name).ShouldBe(["original", "preview-0", "thumbnail-0"]);
        result.Images![0].Preview!["width"]!.GetValue<int>().ShouldBe(5);
        done.Artifacts[2].Path.ShouldBe(done.Artifacts[1].Path, "it is its own thumbnail");
        done.Artifacts[1].Bytes.AsSpan(0, 2).ToArray().ShouldBe([0x89, (byte)'P'], "small images are kept without loss, as PNG");
        var original = done.Artifacts.Single(artifact => artifact.Name == "original");
        JsonDocument.Parse(original.Bytes).RootElement.GetProperty("Toy").GetProperty("HT").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task Each_failure_says_whose_it_is_and_the_child_goes_on()
    {
        var answers = await AskAsync(Extract("a.txt", "hello"u8.ToArray()), Extract("b.toy", "TOY!"u8.ToArray()), Extract("c.toy", "TOY?"u8.ToArray()), Extract("d.toy", ToyFormat.Make(1, 1)));

        answers.Select(answer => answer.Failed?.Kind).ShouldBe([FailureKind.NoReader, FailureKind.Damaged, FailureKind.Internal, null]);
        answers[1].Failed!.Reason.ShouldBe("b.toy at byte 3: expected '1', found '!'");
        answers[3].Done.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_archive_is_taken_apart_entry_by_entry()
    {
        var archive = Zip(
            ("a/one.txt", "one", 0), ("a/", "", 0), ("../out", "x", 0), ("a/one.txt", "again", 0), ("link", "a/one.txt", unchecked((int)0xA1FF0000)), ("b\\two.txt", "two", 0), ("inner.zip", "PK", 0));

        var answers = await AskAsync(new ChildTask("unpack", NewFolder(), [new ChildMember("x.zip", Write("x.zip", archive))]));

        answers.Where(answer => answer.Entry is not null).Select(answer => answer.Entry!.Path).ShouldBe(["a/one.txt", "b/two.txt", "inner.zip"]);
        var first = answers.First(answer => answer.Entry is not null).Entry!;
        (await File.ReadAllTextAsync(first.File, TestContext.Current.CancellationToken)).ShouldBe("one");
        first.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("one"u8)));
        var result = JsonSerializer.Deserialize<TaskResult>(answers[^1].Done!.Result, ClientJson.Options)!;
        result.Entries.ShouldBe(3);
        result.Refused!.Select(entry => entry.Name).ShouldBe(["../out", "a/one.txt", "link"]);
    }

    [Fact]
    public async Task A_bomb_is_refused_as_a_whole()
    {
        var archive = Zip(("bomb", new string('\0', 110 << 20), 0));
        archive.Length.ShouldBeLessThan(200_000);

        var answers = await AskAsync(new ChildTask("unpack", NewFolder(), [new ChildMember("x.zip", Write("x.zip", archive))]));

        var failed = answers[^1].Failed.ShouldNotBeNull();
        failed.Kind.ShouldBe(FailureKind.Damaged);
        failed.Reason.ShouldContain("1000 times");
    }

    [Fact]
    public async Task An_entry_whose_bytes_changed_is_refused()
    {
        var archive = Zip(CompressionLevel.NoCompression, ("good", "good bytes", 0), ("bad", "these bytes", 0));
        archive[archive.AsSpan().IndexOf("these"u8)] ^= 1;

        var answers = await AskAsync(new ChildTask("unpack", NewFolder(), [new ChildMember("x.zip", Write("x.zip", archive))]));

        answers.Where(answer => answer.Entry is not null).Select(answer => answer.Entry!.Path).ShouldBe(["good"]);
        JsonSerializer.Deserialize<TaskResult>(answers[^1].Done!.Result, ClientJson.Options)!.Refused!.Single().Why.ShouldContain("check sum");
    }

    [Fact]
    public async Task Names_of_old_archives_are_read_in_their_code_page()
    {
        var archive = Zip(("Mu?ster.txt", "x", 0));
        foreach (var at in Enumerable.Range(0, archive.Length - 3).Where(at => archive.AsSpan(at).StartsWith("Mu?"u8)).ToList())
            archive[at + 2] = 0xE1; // ß in code page 437

        var answers = await AskAsync(new ChildTask("unpack", NewFolder(), [new ChildMember("x.zip", Write("x.zip", archive))]));

        answers.First().Entry!.Path.ShouldBe("Mußster.txt");
    }

    [Fact]
    public async Task What_is_no_archive_is_damaged()
    {
        var answers = await AskAsync(new ChildTask("unpack", NewFolder(), [new ChildMember("x.zip", Write("x.zip", "PK not really"u8.ToArray()))]));
        answers.Single().Failed!.Kind.ShouldBe(FailureKind.Damaged);
    }

    /// <summary>Sends the tasks, takes every entry over, and returns all answers.</summary>
    private static async Task<List<ChildMessage>> AskAsync(params ChildTask[] tasks)
    {
        var (requests, answers) = (new Pipe(), new Pipe());
        var serving = ReaderChildProgram.RunAsync(ToyFormat.Registry, requests.Reader.AsStream(), answers.Writer.AsStream());
        await using var input = requests.Writer.AsStream();
        var lines = new LineReader(answers.Reader.AsStream());
        var messages = new List<ChildMessage>();
        foreach (var task in tasks)
        {
            await SendAsync(new ChildRequest(Task: task));
            for (var taken = 0; ;)
            {
                var line = await lines.ReadAsync(TestContext.Current.CancellationToken);
                var message = JsonSerializer.Deserialize<ChildMessage>(line!.Value.Span, ClientJson.Options)!;
                if (message.Alive is null)
                    messages.Add(message);
                if (message.Entry is not null)
                    await SendAsync(new ChildRequest(Taken: ++taken));
                if (message.Done is not null || message.Failed is not null)
                    break;
            }
        }

        await requests.Writer.CompleteAsync();
        await serving;
        return messages;

        async Task SendAsync(ChildRequest request)
        {
            await input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(request, ClientJson.Options));
            await input.WriteAsync("\n"u8.ToArray());
        }
    }

    private ChildTask Extract(string name, byte[] bytes) => new("extract", NewFolder(), [new ChildMember(name, Write(Guid.NewGuid().ToString(), bytes))]);

    private string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString()).FullName;

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Zip(params (string Name, string Text, int Attributes)[] entries) => Zip(CompressionLevel.Optimal, entries);

    private static byte[] Zip(CompressionLevel level, params (string Name, string Text, int Attributes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text, attributes) in entries)
            {
                var entry = zip.CreateEntry(name, level);
                entry.ExternalAttributes = attributes;
                using var writer = new StreamWriter(entry.Open(), Encoding.ASCII);
                writer.Write(text);
            }

        return stream.ToArray();
    }
}
