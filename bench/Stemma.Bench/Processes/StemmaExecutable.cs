namespace Stemma.Bench.Processes;

/// <summary>The program under test: named by STEMMA, or the one that ./stemma builds.</summary>
internal static class StemmaExecutable
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("STEMMA") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.Path.Combine(folder.FullName, "out", "stemma", "stemma") is var built && File.Exists(built))
                return built;
        throw new InvalidOperationException($"There is no out/stemma/stemma above {AppContext.BaseDirectory}. Build it with ./stemma version, or name another in the environment variable STEMMA.");
    }
}
