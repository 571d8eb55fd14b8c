using Stemma.Worker.Host;

namespace Stemma.Worker.Sandboxing;

/// <summary>Finds the best sandbox that readers can be started in on this machine, by trying.</summary>
public static class SandboxFinder
{
    private static readonly string[] Bubblewraps = ["/usr/bin/bwrap", "/usr/local/bin/bwrap"];

    /// <summary>The options with the sandbox to use.</summary>
    /// <exception cref="SandboxException">A sandbox is required, and there is none.</exception>
    public static Task<WorkerOptions> WithSandboxAsync(this WorkerOptions options, SandboxMode mode) =>
        WithSandboxAsync(options, mode, Array.Find(Bubblewraps, File.Exists));

    internal static async Task<WorkerOptions> WithSandboxAsync(WorkerOptions options, SandboxMode mode, string? bubblewrap)
    {
        if (mode == SandboxMode.None)
            return options with { Sandbox = ReaderSandbox.None };
        if (!OperatingSystem.IsLinux() && mode == SandboxMode.Auto)
            return options with { Sandbox = ReaderSandbox.Without("That needs Linux.") };
        var why = !OperatingSystem.IsLinux() ? "That needs Linux."
            : bubblewrap is null || !File.Exists(bubblewrap) ? "A full one needs bwrap: install Debian's package bubblewrap."
            : Bubblewrap.WhyNot(options);
        if (why is null)
        {
            var full = options with { Sandbox = new Bubblewrap(bubblewrap!) };
            if (await TryAsync(full).ConfigureAwait(false) is not { } refused)
                return full;
            why = $"A full one cannot be had here: the reader {refused}.";
        }

        if (mode == SandboxMode.Require)
            throw new SandboxException($"A sandbox for the readers is required (--sandbox require). {why}");
        if (Environment.IsPrivilegedProcess && File.Exists(LowerRights.Program))
        {
            var nobody = options with { Sandbox = new LowerRights(why, asNobody: true) };
            if (await TryAsync(nobody).ConfigureAwait(false) is null)
                return nobody;
        }

        var lower = options with { Sandbox = new LowerRights(why, asNobody: false) };
        return await TryAsync(lower).ConfigureAwait(false) is { } reason
            ? options with { Sandbox = ReaderSandbox.Without($"{why} Not even less was possible: the reader {reason}.") }
            : lower;
    }

    /// <summary>Starts a reader and lets it end.</summary>
    /// <returns>Null, or what went wrong, completing "the reader …".</returns>
    private static async Task<string?> TryAsync(WorkerOptions options)
    {
        using var scratch = new ScratchFolder(options.Scratch);
        try
        {
            await using var child = await ReaderChild.StartAsync(options, scratch.Root).ConfigureAwait(false);
            return await child.TryOutAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            return $"could not be started: {exception.Message}";
        }
    }
}
