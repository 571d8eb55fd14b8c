using System.Diagnostics;
using System.Text;
using Stemma.Client;
using Stemma.Worker;
using Stemma.Worker.Sandboxing;

namespace Stemma.Hub.Tests.Worker;

/// <summary>A worker with children that misbehave: shell scripts that answer by what the file's name asks of them.</summary>
[Collection("reader children")]
public sealed class WorkerHostTests : IAsyncLifetime
{
    internal const string Script = """
        #!/bin/sh
        while read -r line; do
          case "$line" in
            *please-crash*) kill -SEGV $$ ;;
            *please-hang*) exec sleep 1000 ;;
            *please-grow*) x=$(head -c 90000000 /dev/zero | tr '\0' x); sleep 1000 ;;
            *please-babble*) echo 'this is no JSON' ;;
            *please-omit*) echo '{"done":{}}' ;;
            *please-name-nothing*) echo '{"done":{"result":{"format":"fake"},"artifacts":[null]}}' ;;
            *please-point-nowhere*) echo '{"done":{"result":{"format":"fake"},"artifacts":[{"name":"preview-0","mediaType":"image/png"}]}}' ;;
            *please-leave*) echo 'a library has had enough' >&2; exit 3 ;;
            *please-bring*) echo '{"done":{"result":{"format":"fake"},"artifacts":[{"name":"preview-0","mediaType":"image/png","path":"/etc/passwd","bytes":"aGVsbG8="},{"name":"thumbnail-0","mediaType":"image/png","path":"/etc/passwd"}]}}' ;;
            *please-chatter*) head -c 1000000 /dev/zero | tr '\0' '\n' >&2 ; echo '{"done":{"result":{"format":"chatter"},"artifacts":[]}}' ;;
            *) echo '{"done":{"result":{"format":"fake"},"artifacts":[]}}' ;;
          esac
        done
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-worker-");
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
        _folder.GetDirectories("stemma-work-*").ShouldBeEmpty("nothing is left behind");
        _folder.Delete(recursive: true);
        _stop.Dispose();
    }

    [Theory]
    [InlineData("please-crash", FailureKind.Crashed, "the reader ended with signal 11, invalid memory access while reading please-crash.dm3")]
    [InlineData("please-hang", FailureKind.Timeout, "the reader said nothing for 1 s while reading please-hang.dm3 and was ended")]
    [InlineData("please-grow", FailureKind.Crashed, "the reader needed more than 50 MiB of memory while reading please-grow.dm3")]
    [InlineData("please-babble", FailureKind.Crashed, "the reader answered what cannot be understood")]
    [InlineData("please-omit", FailureKind.Crashed, "the reader answered what cannot be understood")]
    [InlineData("please-name-nothing", FailureKind.Crashed, "the reader answered what cannot be understood")]
    [InlineData("please-point-nowhere", FailureKind.Crashed, "the reader answered what cannot be understood")]
    [InlineData("please-leave", FailureKind.Crashed, "the reader ended with status 3 (its last words: a library has had enough) while reading please-leave.dm3")]
    public async Task A_child_goes_down_alone_and_everything_else_goes_on(string name, FailureKind kind, string reason)
    {
        Work(readers: 2, kind == FailureKind.Timeout ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20));

        var endings = await Task.WhenAll([_queue.DoAsync($"{name}.dm3", [1]), .. Enumerable.Range(0, 30).Select(index => _queue.DoAsync($"good-{index}.dm3", [2]))]);

        endings[0].Failure.ShouldNotBeNull().Kind.ShouldBe(kind);
        endings[0].Failure!.Reason.ShouldStartWith(reason);
        endings.Skip(1).ShouldAllBe(ending => ending.Failure == null && ending.Parts["result"].Contains("fake"));
    }

    [Fact]
    public async Task What_a_library_prints_disturbs_nobody()
    {
        Work(readers: 1);
        (await _queue.DoAsync("please-chatter.dm3", [1])).Parts["result"].ShouldContain("chatter");
        (await _queue.DoAsync("good.dm3", [1])).Parts["result"].ShouldContain("fake");
    }

    [Fact]
    public async Task Artifacts_that_come_with_the_answer_are_handed_in_and_what_their_path_claims_is_not_looked_at()
    {
        Work(readers: 1);
        var ending = await _queue.DoAsync("please-bring.dm3", [1]);
        ending.Failure.ShouldBeNull();
        ending.Parts["preview-0,thumbnail-0"].ShouldBe("hello");
    }

    [Fact]
    public async Task What_was_claimed_ahead_keeps_its_lease_and_is_given_back_when_the_worker_stops()
    {
        Work(readers: 1, silence: TimeSpan.FromMinutes(1));
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToArray();
        var endings = ids.Select((id, index) => _queue.DoAsync(index == 0 ? "please-hang.dm3" : $"ahead-{index}.dm3", [1], id: id)).ToArray();
        // One is being read, and one waits for its reader.
        for (var claimed = 0; claimed < 2; claimed++)
            (await _queue.Claimed.Reader.ReadAsync(Token)).ShouldBe(ids[claimed]);
        await foreach (var prolonged in _queue.Prolonged.Reader.ReadAllAsync(Token))
            if (prolonged == ids[1])
                break;

        await _stop.CancelAsync();
        await _working;

        var held = new List<FakeQueue.Ending> { await endings[0], await endings[1] };
        while (_queue.Claimed.Reader.TryRead(out var id))
            held.Add(await endings[Array.IndexOf(ids, id)]);
        held.ShouldAllBe(ending => ending.Failure!.Kind == FailureKind.Internal && ending.Failure.Reason.StartsWith("the worker was stopped"));
    }

    [Fact]
    public async Task A_cancelled_task_is_dropped_and_its_child_replaced()
    {
        Work(readers: 1, silence: TimeSpan.FromMinutes(1));
        var id = Guid.CreateVersion7();
        _queue.Cancelled[id] = true;

        var cancelled = _queue.DoAsync("please-hang.dm3", [1], id: id);

        (await _queue.DoAsync("good.dm3", [1])).Failure.ShouldBeNull();
        cancelled.IsCompleted.ShouldBeFalse("nobody waits for it any more");
    }

    [Fact]
    public async Task A_worker_whose_reader_cannot_be_started_says_so()
    {
        var options = Options(1) with { ChildCommand = ["/no/such/program"], Niceness = 0 };
        _ = _queue.DoAsync("a.dm3", [1]);
        var exception = await Should.ThrowAsync<InvalidOperationException>(new WorkerHost(_client, options).RunAsync(_stop.Token));
        exception.Message.ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task Our_own_reader_reads_unpacks_and_leaves_with_its_worker()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "stemma");
        Work(Options(1) with { ChildCommand = [program, "read-child"], SilentFor = TimeSpan.FromSeconds(20), MemoryBytes = 1L << 30 });

        var unknown = (await _queue.DoAsync("notes.txt", "plain words"u8.ToArray())).Failure.ShouldNotBeNull();
        unknown.Kind.ShouldBe(FailureKind.NoReader);
        unknown.Reason.ShouldContain("notes.txt");

        using var archive = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(archive, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in Enumerable.Range(0, 40).Select(index => $"folder/entry {index}.txt").Append("unwanted.txt").Append("../out.txt"))
                using (var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false)))
                    writer.Write(name);
        var unpacked = (await _queue.DoAsync("many.zip", archive.ToArray(), "unpack")).Parts["result"];
        unpacked.ShouldContain("\"entries\":40");
        unpacked.ShouldContain("../out.txt");
        unpacked.ShouldContain("The name is not wanted here.");
        _queue.Deposits.Count.ShouldBe(40);
        _queue.Deposits["folder/entry 7.txt"].ShouldBe("folder/entry 7.txt");

        await _stop.CancelAsync();
        await _working;
        Process.GetProcessesByName("stemma").Where(process => process.MainModule?.FileName == program).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_ends_at_once_when_its_worker_is_gone()
    {
        using var child = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "stemma"), "read-child") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        child.StandardInput.Close();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        child.ExitCode.ShouldBe(0);
    }

    private WorkerOptions Options(int readers)
    {
        var script = Path.Combine(_folder.FullName, "child.sh");
        File.WriteAllText(script, Script);
        return new WorkerOptions
        {
            ChildCommand = ["/bin/sh", script], Sandbox = ReaderSandbox.None, Readers = readers, Scratch = _folder.FullName, SilentFor = TimeSpan.FromSeconds(1), MemoryBytes = 50 << 20, Grace = TimeSpan.FromMilliseconds(100),
        };
    }

    private void Work(int readers, TimeSpan? silence = null) => Work(Options(readers) with { SilentFor = silence ?? TimeSpan.FromSeconds(1) });

    private void Work(WorkerOptions options) => _working = new WorkerHost(_client, options).RunAsync(_stop.Token);
}
