using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Terminal;
using Stemma.Worker;
using Stemma.Worker.Sandboxing;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma work</c>: reads files for a hub in child processes.</summary>
internal static class WorkCommand
{
    public static Command Create()
    {
        var readers = new Option<int>("--readers") { Description = "Reader processes", DefaultValueFactory = _ => Environment.ProcessorCount };
        readers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024)
                result.AddError("--readers must be between 1 and 1024.");
        });
        var blobs = new Option<string?>("--blobs") { Description = "The hub's blob folder, where it is on this machine: bytes are then read in place", HelpName = "FOLDER" };
        var scratch = new Option<string>("--scratch") { Description = "Folder for temporary files", DefaultValueFactory = _ => Path.GetTempPath(), HelpName = "FOLDER" };
        var memory = new Option<int>("--memory") { Description = "Memory of one reader in MiB; it is ended above", DefaultValueFactory = _ => 2048, HelpName = "MIB" };
        var silence = new Option<int>("--silence") { Description = "Seconds after which a reader that says nothing is ended", DefaultValueFactory = _ => 120, HelpName = "S" };
        var sandbox = new Option<SandboxMode>("--sandbox")
        {
            Description = "Lock readers in: auto as well as this machine can, require fully or not at all, none", DefaultValueFactory = _ => SandboxMode.Auto, HelpName = "auto|require|none",
        };
        var endWithInput = new Option<bool>("--end-with-input") { Description = "End when standard input does: for whoever starts workers and may be killed" };
        var hub = new HubArguments();
        return new StemmaCommand("work", "Read files for a hub: claims tasks and does them in child processes that may crash without harm. Needs a token of scope work. Ctrl-C ends it.",
                "stemma work --hub http://127.0.0.1:5480 --token $STEMMA_TOKEN --readers 4", "stemma work --blobs /var/lib/stemma/blobs")
            .With(hub.Hub, hub.Token, readers, blobs, scratch, memory, silence, sandbox, endWithInput)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                var options = new WorkerOptions
                {
                    ChildCommand = ReadChildCommand.CommandLine(), Readers = parsed.GetValue(readers), Blobs = parsed.GetValue(blobs), Scratch = parsed.GetValue(scratch)!,
                    MemoryBytes = (long)parsed.GetValue(memory) << 20, SilentFor = TimeSpan.FromSeconds(parsed.GetValue(silence)), Log = Say.Line, Sandbox = ReaderSandbox.None,
                    Settings = Settings.Folder,
                };
                try
                {
                    options = await options.WithSandboxAsync(parsed.GetValue(sandbox)).ConfigureAwait(false);
                }
                catch (SandboxException problem)
                {
                    return Say.Error(problem.Message, ExitCode.BadSettings);
                }

                // Who started it for a hub of their own hears the hub, and only what is not as it should be.
                var isChild = parsed.GetValue(endWithInput);
                if (!isChild)
                    Say.Line($"Working for {client.Hub} with {options.Readers} readers as {options.Name}. Ctrl-C ends it.");
                if (!isChild || !options.Sandbox.IsComplete)
                    Say.Line(options.Sandbox.Description);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                if (isChild)
                    _ = EndWithInputAsync(ended);
                await new WorkerHost(client, options).RunAsync(ended.Token).ConfigureAwait(false);
                return ExitCode.Done;
            });
    }

    private static async Task EndWithInputAsync(CancellationTokenSource ended)
    {
        using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.CancelAsync().ConfigureAwait(false);
    }
}
