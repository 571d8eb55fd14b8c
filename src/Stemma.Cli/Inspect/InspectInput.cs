using Stemma.Cli.CommandLine;
using Stemma.Formats;

namespace Stemma.Cli.Inspect;

/// <summary>What is offered to a reader: the file first, then what lies beside it, so that companions are found.</summary>
/// <param name="Shown">Path to show for each member, as the person wrote it.</param>
internal sealed record InspectInput(FileSetInput Input, IReadOnlyDictionary<string, string> Shown)
{
    private const int MostSiblings = 10_000;

    /// <exception cref="CommandException">66: there is no such file, or it cannot be opened.</exception>
    public static InspectInput From(string path, FormatRegistry formats)
    {
        if (Directory.Exists(path))
            return FromFolder(path, formats);
        if (!File.Exists(path))
            throw new CommandException(ExitCode.NoInput, $"{path}: there is no such file");
        CheckOpens(path);
        var name = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var siblings = Names(folder, SearchOption.TopDirectoryOnly).Where(sibling => sibling != name);
        return From(Path.GetDirectoryName(path) ?? "", folder, [name, .. siblings]);
    }

    // The first file that some reader knows is the one to start from.
    private static InspectInput FromFolder(string path, FormatRegistry formats)
    {
        var names = Names(path, SearchOption.AllDirectories);
        if (names.Count == 0)
            throw new CommandException(ExitCode.BadData, $"{path}: the folder holds no file");
        var first = names.FirstOrDefault(name => IsKnown(name, Path.Combine(path, name), formats)) ?? names[0];
        CheckOpens(Path.Combine(path, first));
        return From(path, path, [first, .. names.Where(name => name != first)]);
    }

    private static InspectInput From(string shownFolder, string folder, IReadOnlyList<string> names) => new(
        new FileSetInput([.. names.Select(name => new MemberFile(name, Path.Combine(folder, name)))]),
        names.ToDictionary(name => name, name => Path.Combine(shownFolder, name)));

    private static bool IsKnown(string name, string path, FormatRegistry formats)
    {
        try
        {
            return formats.Detect(new FileSetInput([new MemberFile(name, path)])) is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static List<string> Names(string folder, SearchOption depth)
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = depth == SearchOption.AllDirectories, AttributesToSkip = FileAttributes.System, IgnoreInaccessible = true };
            return [.. Directory.EnumerateFiles(folder, "*", options).Take(MostSiblings).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file may be readable in a folder that cannot be listed.
            return [];
        }
    }

    private static void CheckOpens(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.NoInput, $"{path}: cannot be opened: {exception.Message}");
        }
    }
}
