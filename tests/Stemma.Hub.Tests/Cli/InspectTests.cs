using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Stemma.Cli.Commands;
using Stemma.Hub.Tests.Worker;

namespace Stemma.Hub.Tests.Cli;

public sealed class InspectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-inspect-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Json_follows_the_contract()
    {
        var path = Write("eve.toy", ToyFormat.Make(3, 5));

        var (status, answer) = await InspectAsync(path, stats: true);

        status.ShouldBe(0);
        var json = JsonDocument.Parse(answer).RootElement;
        json.GetProperty("format").GetString().ShouldBe("toy");
        json.GetProperty("files")[0].GetProperty("path").GetString().ShouldBe(path);
        json.GetProperty("files")[0].GetProperty("role").GetString().ShouldBe("primary");
        var image = json.GetProperty("images")[0];
        image.GetProperty("index").GetInt32().ShouldBe(0);
        image.GetProperty("title").GetString().ShouldBe("Eve");
        image.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ShouldBe([3, 5]);
        image.GetProperty("pixelType").GetString().ShouldBe("uint16");
        var (y, x) = (image.GetProperty("axes")[0], image.GetProperty("axes")[1]);
        y.EnumerateObject().Select(member => member.Name).ShouldBe(["name", "role", "size", "scale", "offset", "unit"]);
        y.GetRawText().ShouldBe("""{"name":"y","role":"signal","size":3,"scale":0.5,"offset":0,"unit":"nm"}""");
        x.GetProperty("scale").ValueKind.ShouldBe(JsonValueKind.Null);
        x.GetProperty("unit").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("acquisition").GetProperty("accelerating_voltage").GetRawText().ShouldBe("""{"value":200000,"unit":"V","source":"Toy.HT"}""");
        json.GetProperty("original").GetProperty("Toy").GetProperty("odd").GetString().ShouldBe("NaN");
        json.GetProperty("original").GetProperty("Toy").GetProperty("half").GetString().ShouldBe("a\ufffdb");
        json.GetProperty("warnings")[0].GetString().ShouldBe("made up");

        var pixels = new byte[30];
        for (var index = 0; index < 15; index++)
            BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(2 * index), (ushort)index);
        var stats = image.GetProperty("stats");
        stats.GetProperty("min").GetDouble().ShouldBe(0);
        stats.GetProperty("max").GetDouble().ShouldBe(14);
        stats.GetProperty("mean").GetDouble().ShouldBe(7);
        stats.GetProperty("std").GetDouble().ShouldBe(Math.Sqrt(56.0 / 3), 1e-12);
        stats.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(pixels)));
    }

    [Fact]
    public async Task Companions_beside_the_file_are_found()
    {
        var path = Write("eve.toy", ToyFormat.Make(1, 1));
        var companion = Write("TOY.TXT", "notes"u8.ToArray());

        var (_, answer) = await InspectAsync(path);

        JsonDocument.Parse(answer).RootElement.GetProperty("files")[1].GetRawText().ShouldBe($$"""{"path":"{{companion}}","role":"sidecar"}""");
    }

    [Fact]
    public async Task A_folder_is_read_from_the_first_file_that_a_reader_knows()
    {
        Write("a.txt", "notes"u8.ToArray());
        Write("b.toy", ToyFormat.Make(2, 2));

        var (status, answer) = await InspectAsync(_folder.FullName);

        status.ShouldBe(0);
        JsonDocument.Parse(answer).RootElement.GetProperty("files")[0].GetProperty("path").GetString().ShouldBe(Path.Combine(_folder.FullName, "b.toy"));
    }

    [Fact]
    public async Task Without_json_a_person_can_read_it()
    {
        var path = Write("eve.toy", ToyFormat.Make(3, 5));

        var (status, answer) = await InspectAsync(path, json: false);

        status.ShouldBe(0);
        answer.ShouldContain("5 × 3");
        answer.ShouldContain("y 500 pm per pixel");
        answer.ShouldContain("200 kV");
        answer.ShouldContain("odd: NaN");
    }

    [Theory]
    [InlineData("TOY!", 65)]
    [InlineData("nothing known", 65)]
    [InlineData("", 65)]
    [InlineData("TOY?", 70)]
    [InlineData(null, 66)]
    public async Task The_exit_code_says_what_is_wrong_and_nothing_is_printed(string? content, int expected)
    {
        var path = Path.Combine(_folder.FullName, "file");
        if (content is not null)
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        var (status, answer) = await InspectAsync(path);

        status.ShouldBe(expected);
        answer.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_several_files_each_has_its_line_and_the_first_failure_its_exit_code()
    {
        var damaged = Write("damaged.toy", "TOY!"u8.ToArray());
        var whole = Write("whole.toy", ToyFormat.Make(1, 2));
        var missing = Path.Combine(_folder.FullName, "missing.toy");
        using var output = new MemoryStream();

        var status = await InspectCommand.RunAsync(ToyFormat.Registry, [damaged, whole, missing], json: true, stats: false, metadata: false, output, TestContext.Current.CancellationToken);

        status.ShouldBe(65);
        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("files")[0].GetProperty("path").GetString()).ShouldBe([damaged, whole, missing]);
        lines.Select(line => line.TryGetProperty("exitCode", out var code) ? code.GetInt32() : 0).ShouldBe([65, 0, 66]);
        lines[2].GetProperty("error").GetString().ShouldBe($"{missing}: there is no such file");
        lines[1].TryGetProperty("error", out _).ShouldBeFalse();
        lines[0].GetProperty("error").GetString()!.ShouldStartWith(damaged, Case.Sensitive, "of files in many folders the name alone does not say which");
    }

    [Fact]
    public async Task Without_json_a_damaged_file_among_others_leaves_no_line()
    {
        using var output = new MemoryStream();
        var files = new[] { Write("damaged.toy", "TOY!"u8.ToArray()), Write("damaged too.toy", "TOY!"u8.ToArray()) };
        (await InspectCommand.RunAsync(ToyFormat.Registry, files, json: false, stats: false, metadata: false, output, TestContext.Current.CancellationToken)).ShouldBe(65);
        output.Length.ShouldBe(0);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<(int Status, string Answer)> InspectAsync(string path, bool json = true, bool stats = false)
    {
        using var output = new MemoryStream();
        var status = await InspectCommand.RunAsync(ToyFormat.Registry, [path], json, stats, metadata: true, output, TestContext.Current.CancellationToken);
        return (status, System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }
}
