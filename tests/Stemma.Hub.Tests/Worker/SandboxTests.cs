using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Stemma.Client;
using Stemma.Worker;
using Stemma.Worker.Sandboxing;

namespace Stemma.Hub.Tests.Worker;

/// <summary>Readers that were taken over try what they can, in the sandbox that this machine has.</summary>
[Collection("reader children")]
public sealed class SandboxTests : IAsyncLifetime
{
    private const string Secret = "stemma-test-secret-5e1f";
    private static readonly bool HasBubblewrap = File.Exists("/usr/bin/bwrap");

    // Outside /tmp, of which a reader has its own.
    private readonly DirectoryInfo _data = Directory.CreateDirectory($"/var/tmp/stemma-sandbox-{Guid.NewGuid():n}");
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("stemma-sandbox-");
    private readonly CancellationTokenSource _stop = new();
    private FakeQueue _queue = null!;
    private StemmaClient _client = null!;
    private Task _working = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _queue = await FakeQueue.StartAsync();
        _client = new StemmaClient(_queue.Address, "stm_work");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _client.Dispose();
        await _queue.DisposeAsync();
        _scratch.GetDirectories("stemma-work-*").ShouldBeEmpty("nothing is left behind");
        _scratch.Delete(recursive: true);
        _data.Delete(recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_reader_that_was_taken_over_finds_nothing_to_use()
    {
        Assert.SkipUnless(HasBubblewrap, "bwrap is not installed (Debian: bubblewrap).");
        var (secret, blob) = (WriteSecret("secrets/key"), WriteSecret("blobs/3f/3fa4"));
        using var hub = StartHub();
        string[] refused =
        [
            $"connect {_queue.Address.Port}", "read /etc/shadow", "read /etc/passwd", $"read {secret}", $"read {blob}", $"list {_data.FullName}", $"list {_scratch.FullName}", "list /root", "list /home", "list /var/lib",
            $"read /proc/{hub.Id}/environ", $"environments {Secret}", $"environments PWD={Environment.CurrentDirectory}", $"kill {hub.Id}",
            "kill-parent", "trace-parent", "run /bin/true", "overwrite-member", "make-member-writable",
            $"write {secret}", "make /", "make /usr", "make /dev", "make /dev/shm", "make /proc", "make /etc", $"make {AppContext.BaseDirectory.TrimEnd('/')}", $"make {_scratch.FullName}", $"make {_data.FullName}",
        ];
        if (Environment.IsPrivilegedProcess)
            refused = [.. refused, "become-root"];
        await WorkAsync(SandboxMode.Require);

        var answers = await TryAsync([.. refused, "make /stemma-task", "make /tmp", "user NoNewPrivs", "user CapEff", "user CapBnd", "user Seccomp:", "user Uid", "list /"]);

        foreach (var attempt in refused)
            answers[attempt].ShouldStartWith("refused", customMessage: attempt);
        answers["make /stemma-task"].ShouldBe("done made");
        answers["make /tmp"].ShouldBe("done made");
        answers["user NoNewPrivs"].ShouldEndWith("1");
        answers["user CapEff"].ShouldEndWith("0000000000000000");
        answers["user Seccomp:"].ShouldEndWith("2");
        answers["list /"].Split(' ').Except(["done", "/bin", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/stemma-task", "/tmp", "/usr", $"/{AppContext.BaseDirectory.Split('/')[1]}"]).ShouldBeEmpty();
        if (Environment.IsPrivilegedProcess)
        {
            answers["user Uid"].ShouldEndWith("65534\t65534\t65534\t65534");
            answers["user CapBnd"].ShouldEndWith("0000000000000000");
        }

        hub.HasExited.ShouldBeFalse();
        hub.Kill();
    }

    [Fact]
    public async Task Where_there_is_no_bwrap_a_reader_still_cannot_call_out_or_change_what_exists()
    {
        var secret = WriteSecret("secrets/key");
        using var hub = StartHub();
        // As /tmp is: nobody must be able to pass.
        _scratch.UnixFileMode |= UnixFileMode.OtherExecute;
        string[] refused =
        [
            $"connect {_queue.Address.Port}", $"kill {hub.Id}", "kill-parent", "trace-parent", "run /bin/true", "overwrite-member", "make-member-writable", $"write {secret}",
        ];
        if (Environment.IsPrivilegedProcess)
            refused = [.. refused, "become-root", "read /etc/shadow", $"read {secret}", $"make {_data.FullName}", $"read /proc/{hub.Id}/environ", $"environments {Secret}"];
        await WorkAsync(SandboxMode.Auto, bubblewrap: null);

        var answers = await TryAsync(refused);

        foreach (var attempt in refused)
            answers[attempt].ShouldStartWith("refused", customMessage: attempt);
        hub.Kill();
    }

    [Fact]
    public async Task Where_there_is_no_bwrap_a_reader_can_remove_nothing_though_its_user_may()
    {
        _scratch.UnixFileMode |= UnixFileMode.OtherExecute;
        // Everybody may: what refuses is the filter alone, whoever the reader is.
        var folder = _data.CreateSubdirectory("open");
        var empty = folder.CreateSubdirectory("empty");
        foreach (var open in (DirectoryInfo[])[folder, empty])
            open.UnixFileMode |= UnixFileMode.OtherWrite | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var blob = WriteSecret("open/blob");
        File.SetUnixFileMode(blob, File.GetUnixFileMode(blob) | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        string[] refused = [$"remove {blob}", $"remove-at {blob}", $"remove-folder {empty.FullName}", $"move {blob}", $"truncate {blob}", $"write {blob}"];
        await WorkAsync(SandboxMode.Auto, bubblewrap: null);

        var answers = await TryAsync([.. refused, $"read {blob}", $"make {folder.FullName}"]);

        foreach (var attempt in refused)
            answers[attempt].ShouldStartWith("refused", customMessage: attempt);
        answers[$"read {blob}"].ShouldBe($"done {Secret}");
        answers[$"make {folder.FullName}"].ShouldBe("done made", "as the decision record says");
    }

    [Fact]
    public async Task A_damaged_entry_is_refused_though_the_reader_can_remove_nothing()
    {
        _scratch.UnixFileMode |= UnixFileMode.OtherExecute;
        await WorkAsync(SandboxMode.Auto, Options([Path.Combine(AppContext.BaseDirectory, "stemma"), "read-child"]), bubblewrap: null);
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in (string[])["bad", "good"])
                using (var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.NoCompression).Open()))
                    writer.Write($"{name} bytes");
        var archive = stream.ToArray();
        archive[archive.AsSpan().IndexOf("bad bytes"u8)] ^= 1;

        // The second archive makes files of the same names.
        for (var round = 0; round < 2; round++)
        {
            var ending = await _queue.DoAsync("many.zip", archive, "unpack");

            ending.Failure.ShouldBeNull(ending.Failure?.Reason);
            ending.Parts["result"].ShouldContain("\"entries\":1");
            ending.Parts["result"].ShouldContain("expected check sum");
        }

        _queue.Deposits["good"].ShouldBe("good bytes");
    }

    [Fact]
    public async Task A_program_beside_what_nobody_may_see_gets_no_full_sandbox()
    {
        Assert.SkipUnless(HasBubblewrap, "bwrap is not installed (Debian: bubblewrap).");
        var folder = _data.CreateSubdirectory("program");
        var script = Path.Combine(folder.FullName, "child.sh");
        await File.WriteAllTextAsync(script, WorkerHostTests.Script, TestContext.Current.CancellationToken);
        var link = Path.Combine(_data.FullName, "link");
        Directory.CreateSymbolicLink(link, folder.CreateSubdirectory("settings").FullName);
        var options = Options(["/bin/sh", script]);
        Bubblewrap.WhyNot(options).ShouldBeNull();
        Bubblewrap.WhyNot(options with { Blobs = Path.Combine(folder.FullName, "data", "blobs") }).ShouldBeNull("data below the program are covered");

        foreach (var (what, refused) in ((string, WorkerOptions)[])
                 [
                     (link, options with { Settings = link }), (folder.FullName, options with { Settings = folder.FullName }),
                     (Path.Combine(folder.FullName, "scratch"), options with { Scratch = Path.Combine(folder.FullName, "scratch") + "/" }),
                     ("the hub's data", options with { Blobs = Path.Combine(folder.FullName, "blobs") }),
                 ])
        {
            var why = Bubblewrap.WhyNot(refused).ShouldNotBeNull(what);
            why.ShouldContain(what);
            why.ShouldContain("give the program a folder of its own");
        }

        // Linked to, as homes often are.
        Bubblewrap.WhyNot(options, home: link).ShouldNotBeNull().ShouldContain($"your home folder, {link}");
        Bubblewrap.WhyNot(options, home: folder.FullName).ShouldNotBeNull().ShouldContain("your home folder");
        Bubblewrap.WhyNot(options, home: _data.FullName).ShouldBeNull("a folder of its own in the home folder shows that folder only");

        var shown = options with { Settings = link };
        (await SandboxFinder.WithSandboxAsync(shown, SandboxMode.Auto, "/usr/bin/bwrap")).Sandbox.Description.ShouldContain("only half in a sandbox");
        (await Should.ThrowAsync<SandboxException>(SandboxFinder.WithSandboxAsync(shown, SandboxMode.Require, "/usr/bin/bwrap"))).Message.ShouldContain(folder.FullName);
    }

    [Fact]
    public async Task A_set_of_more_members_than_can_be_open_is_refused_for_good()
    {
        _scratch.UnixFileMode |= UnixFileMode.OtherExecute;
        await WorkAsync(SandboxMode.Auto, Options([Environment.ProcessPath!, "read-child"]) with { MembersAtOnce = 3 }, bubblewrap: null);

        var ending = await _queue.DoAsync("many.bin", IntruderFormat.File("members 3"), parts: Enumerable.Range(1, 3).Select(index => ($"part-{index}", BitConverter.GetBytes(index))));

        var failure = ending.Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(FailureKind.NoReader);
        failure.Reason.ShouldBe("many.bin: its set has 4 members; at most 3 can be handed to a reader in a sandbox");
    }

    [Fact]
    public async Task That_there_is_no_full_sandbox_is_said_and_can_be_forbidden()
    {
        var options = Options([Path.Combine(AppContext.BaseDirectory, "stemma"), "read-child"]);
        var half = await SandboxFinder.WithSandboxAsync(options, SandboxMode.Auto, bubblewrap: "/no/such/bwrap");
        half.Sandbox.Description.ShouldContain("only half in a sandbox");
        half.Sandbox.Description.ShouldContain("install Debian's package bubblewrap");
        (await Should.ThrowAsync<SandboxException>(SandboxFinder.WithSandboxAsync(options, SandboxMode.Require, bubblewrap: "/no/such/bwrap"))).Message.ShouldContain("--sandbox require");

        // As where namespaces are forbidden: it is there and ends with an error.
        half = await SandboxFinder.WithSandboxAsync(options, SandboxMode.Auto, bubblewrap: "/bin/false");
        half.Sandbox.Description.ShouldContain("A full one cannot be had here: the reader ended with status 1");
    }

    [Theory]
    [InlineData(SandboxMode.Require)]
    [InlineData(SandboxMode.Auto)]
    public async Task A_native_library_opens_a_blob_that_only_the_worker_may_read(SandboxMode mode)
    {
        Assert.SkipWhen(mode == SandboxMode.Require && !HasBubblewrap, "bwrap is not installed (Debian: bubblewrap).");
        _scratch.UnixFileMode |= UnixFileMode.OtherExecute;
        var picture = Stemma.Formats.Png.PngWriter.Encode(7, 5, 1, 8, new byte[35]);
        var blob = WriteSecret($"blobs/00/{new string('0', 64)}");
        await File.WriteAllBytesAsync(blob, picture, TestContext.Current.CancellationToken);
        await WorkAsync(mode, Options([Path.Combine(AppContext.BaseDirectory, "stemma"), "read-child"]), mode == SandboxMode.Require ? "/usr/bin/bwrap" : null);

        // The queue's own bytes are of the same number, and no picture: they are not fetched.
        var ending = await _queue.DoAsync("a.png", new byte[picture.Length]);

        ending.Failure.ShouldBeNull(ending.Failure?.Reason);
        JsonDocument.Parse(ending.Parts["result"]).RootElement.GetProperty("images")[0].GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ShouldBe([5, 7]);
        (await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken)).ShouldBe(picture);
    }

    [Fact]
    public async Task A_set_of_many_members_is_handed_over_whole()
    {
        Assert.SkipUnless(HasBubblewrap, "bwrap is not installed (Debian: bubblewrap).");
        await WorkAsync(SandboxMode.Require);

        var ending = await _queue.DoAsync("intruder.bin", IntruderFormat.File("members 999"), parts: Enumerable.Range(1, 999).Select(index => ($"part-{index}", BitConverter.GetBytes(index))));

        ending.Failure.ShouldBeNull(ending.Failure?.Reason);
        JsonSerializer.Deserialize<Dictionary<string, string>>(ending.Parts["original"])!["members 999"].ShouldBe("done 999 in order");
    }

    [Theory]
    [InlineData("please-crash", FailureKind.Crashed, "the reader ended with signal 11, invalid memory access while reading please-crash.dm3")]
    [InlineData("please-hang", FailureKind.Timeout, "the reader said nothing for 1 s while reading please-hang.dm3 and was ended")]
    [InlineData("please-grow", FailureKind.Crashed, "the reader needed more than 50 MiB of memory while reading please-grow.dm3")]
    [InlineData("please-leave", FailureKind.Crashed, "the reader ended with status 3 (its last words: a library has had enough) while reading please-leave.dm3")]
    public async Task How_a_child_died_is_told_from_within_the_sandbox(string name, FailureKind kind, string reason)
    {
        Assert.SkipUnless(HasBubblewrap, "bwrap is not installed (Debian: bubblewrap).");
        var script = Path.Combine(_data.CreateSubdirectory("program").FullName, "child.sh");
        await File.WriteAllTextAsync(script, WorkerHostTests.Script, TestContext.Current.CancellationToken);
        await WorkAsync(SandboxMode.Require, Options(["/bin/sh", script]) with
        {
            MemoryBytes = 50 << 20,
            SilentFor = kind == FailureKind.Timeout ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20),
        });

        var ending = (await _queue.DoAsync($"{name}.dm3", [1])).Failure.ShouldNotBeNull();

        ending.Kind.ShouldBe(kind);
        ending.Reason.ShouldStartWith(reason);
        (await _queue.DoAsync("good.dm3", [1])).Failure.ShouldBeNull();
    }

    /// <summary>A stand-in for the hub: a process of the worker's user with a secret in its environment.</summary>
    private static Process StartHub() => Process.Start(new ProcessStartInfo("/bin/sleep", "60") { Environment = { ["STEMMA_TOKEN"] = Secret } })!;

    private string WriteSecret(string name)
    {
        var path = Path.Combine(_data.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Secret);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private async Task<Dictionary<string, string>> TryAsync(string[] attempts)
    {
        var ending = await _queue.DoAsync("intruder.bin", IntruderFormat.File(attempts));
        ending.Failure.ShouldBeNull(ending.Failure?.Reason);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(ending.Parts["original"])!;
    }

    private Task WorkAsync(SandboxMode mode, string? bubblewrap = "/usr/bin/bwrap") => WorkAsync(mode, Options([Environment.ProcessPath!, "read-child"]), bubblewrap);

    private async Task WorkAsync(SandboxMode mode, WorkerOptions options, string? bubblewrap = "/usr/bin/bwrap") =>
        _working = new WorkerHost(_client, await SandboxFinder.WithSandboxAsync(options, mode, bubblewrap)).RunAsync(_stop.Token);

    private WorkerOptions Options(IReadOnlyList<string> command) => new()
    {
        ChildCommand = command, Sandbox = ReaderSandbox.None, Readers = 1, Scratch = _scratch.FullName, Blobs = Path.Combine(_data.FullName, "blobs"), SilentFor = TimeSpan.FromSeconds(20),
        MemoryBytes = 1L << 30, Grace = TimeSpan.FromMilliseconds(100),
    };
}
