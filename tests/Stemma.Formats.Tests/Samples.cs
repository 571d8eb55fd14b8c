using System.Text.Json;

namespace Stemma.Formats.Tests;

/// <summary>The sample files beside the checkout, with what independent readers get from them (their README explains the fields).</summary>
public static class Samples
{
    /// <summary>The folder; null where it is not here. <c>STEMMA_SAMPLES</c> names it, else it is <c>../shared/samples</c> seen from the repository root.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Path of a sample, e.g. <c>dm3/type3_2D.dm3</c>; skips the test where it is not here.</summary>
    public static string Path(string name)
    {
        var path = Folder is null ? null : System.IO.Path.Combine(Folder, name);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
            Assert.Skip($"The sample {name} is not here (see STEMMA_SAMPLES).");
        return path!;
    }

    /// <summary>The expectations for a sample; skips the test where the samples are not here.</summary>
    public static ExpectedFile Expected(string name)
    {
        var path = Path(name[..name.IndexOf('/')] + "/expected.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return new ExpectedFile(json.RootElement.GetProperty(name).Clone());
    }

    /// <summary>Opens a sample by content, as the registry finds it.</summary>
    public static ValueTask<FileSetContent> Open(string name) => OpenFile(Path(name), name[(name.LastIndexOf('/') + 1)..]);

    public static ValueTask<FileSetContent> OpenFile(string path, string? name = null) => FormatRegistry.Default.IdentifyAsync(
        new FileSetInput([new MemberFile(name ?? System.IO.Path.GetFileName(path), path)]), TestContext.Current.CancellationToken);

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("STEMMA_SAMPLES") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "Stemma.slnx")))
                continue;
            var samples = System.IO.Path.Combine(folder.FullName, "..", "shared", "samples");
            return Directory.Exists(samples) ? System.IO.Path.GetFullPath(samples) : null;
        }

        return null;
    }
}

/// <summary>One entry of an <c>expected.json</c>.</summary>
public sealed class ExpectedFile(JsonElement entry)
{
    public JsonElement Entry { get; } = entry;

    /// <summary>Images with a digest, reader by reader; the preferred reader first.</summary>
    public IReadOnlyList<(string Reader, IReadOnlyList<JsonElement> Images)> Readers { get; } =
    [
        .. from reader in entry.GetProperty("readers").EnumerateArray()
           where reader.TryGetProperty("images", out _)
           let name = reader.GetProperty("reader").GetString()!
           let images = reader.GetProperty("images").EnumerateArray().Where(image => image.TryGetProperty("sha256", out var digest) && digest.ValueKind == JsonValueKind.String).ToArray()
           where images.Length > 0
           orderby entry.TryGetProperty("prefer", out var preferred) && preferred.GetString() == name descending
           select (name, (IReadOnlyList<JsonElement>)images),
    ];
}
