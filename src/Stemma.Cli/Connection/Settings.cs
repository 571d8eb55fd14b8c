using System.Text.Json;
using Stemma.Cli.CommandLine;
using Stemma.Client;

namespace Stemma.Cli.Connection;

/// <summary>What the command line remembers: which hub, the token for it, and the SHA-256 of its certificate where it is pinned.</summary>
internal sealed record Settings(string? Hub, string? Token, string? Pin = null)
{
    private static readonly JsonSerializerOptions Indented = new(ClientJson.Options) { WriteIndented = true };

    /// <summary><c>$XDG_CONFIG_HOME/stemma</c>, usually <c>~/.config/stemma</c>.</summary>
    public static string Folder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "stemma");

    public static string FilePath => Path.Combine(Folder, "config.json");

    public static Settings Load()
    {
        try
        {
            return JsonSerializer.Deserialize<Settings>(File.ReadAllBytes(FilePath), ClientJson.Options) ?? new Settings(null, null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Settings(null, null);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.NoInput, $"{FilePath} cannot be read: {exception.Message} Write it anew with: stemma login URL");
        }
    }

    /// <summary>Replaces the file as a whole; nobody else may read it at any moment.</summary>
    public void Save()
    {
        MakeFolder(Folder);
        var temporary = $"{FilePath}.{Environment.ProcessId}";
        using (var file = OpenPrivate(temporary, FileMode.Create))
            file.Write(JsonSerializer.SerializeToUtf8Bytes(this, Indented));
        File.Move(temporary, FilePath, overwrite: true);
    }

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file that only its owner may read and write.</summary>
    public static FileStream OpenPrivate(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
