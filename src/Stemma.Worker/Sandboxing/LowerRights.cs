using System.Globalization;

namespace Stemma.Worker.Sandboxing;

/// <summary>What is left where namespaces are not to be had: no way to gain rights, as nobody where the worker is root, and fewer system calls.</summary>
/// <param name="why">Why there is no full sandbox; a clause.</param>
internal sealed class LowerRights(string why, bool asNobody) : ReaderSandbox
{
    public const string Program = "/usr/bin/setpriv";

    public override string Description =>
        $"Readers are only half in a sandbox: no network, no other programs, no existing file can be changed or removed{(asNobody ? ", user nobody" : "")}; but they can read, and make new files, where {(asNobody ? "everybody on this machine" : "this worker's user")} can. {why}";

    internal override uint? User => asNobody ? Nobody : null;

    internal override bool WalksToItsFolder => asNobody;

    /// <summary>For root: become a user without any rights, for good.</summary>
    public static IReadOnlyList<string> Words(uint user)
    {
        var number = user.ToString(CultureInfo.InvariantCulture);
        return [Program, "--reuid", number, "--regid", number, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--pdeathsig", "KILL", "--"];
    }

    internal override IReadOnlyList<string> Before(WorkerOptions options, SandboxFolders folders) =>
        !File.Exists(Program) ? [] : asNobody ? Words(Nobody) : [Program, "--no-new-privs", "--pdeathsig", "KILL", "--"];
}
