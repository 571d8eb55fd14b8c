namespace Stemma.Cli.CommandLine;

/// <summary>Exit codes, as in <c>sysexits.h</c> where it has one.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Part of the work failed; each failure was told.</summary>
    public const int SomeFailed = 1;

    public const int Usage = 64;

    /// <summary>A file is damaged or of no known format.</summary>
    public const int BadData = 65;

    /// <summary>A file cannot be opened.</summary>
    public const int NoInput = 66;

    /// <summary>The hub cannot be reached.</summary>
    public const int Unavailable = 69;

    /// <summary>A mistake of ours.</summary>
    public const int Software = 70;

    /// <summary>A file cannot be written.</summary>
    public const int CannotCreate = 73;

    /// <summary>The hub refused.</summary>
    public const int Refused = 76;

    /// <summary>Not signed in, or not allowed.</summary>
    public const int NoPermission = 77;

    /// <summary>The settings cannot work.</summary>
    public const int BadSettings = 78;

    public const int Interrupted = 130;
}
