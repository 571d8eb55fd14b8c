using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Client;
using Stemma.Formats;
using Stemma.Imaging;

namespace Stemma.Worker.Reading;

/// <summary>Reads a file set: what it holds as a result for the hub, and the original metadata and pictures as artifacts.</summary>
internal sealed class FileSetReader(FormatRegistry formats)
{
    /// <summary>Pictures are made of so many images of a set; the others have their facts only.</summary>
    private const int ImagesWithPictures = 16;

    public static string SoftwareVersion { get; } =
        typeof(FileSetReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <param name="folder">Where large artifacts are to lie.</param>
    /// <param name="alive">Told now and then that it goes on.</param>
    public async Task<(TaskResult Result, IReadOnlyList<Artifact> Artifacts)> ReadAsync(
        FileSetInput input, string folder, Action<double?, string?> alive, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var content = await formats.IdentifyAsync(input, cancellationToken).ConfigureAwait(false);
        var artifacts = new MadeArtifacts(folder);
        artifacts.Add("original.json", "application/json", Written(content.Original), "original");
        var warnings = new List<string>(content.Warnings);
        var pictures = new Pictures(artifacts, warnings);
        var images = new List<ExtractedImage>(content.Images.Count);
        for (var index = 0; index < content.Images.Count; index++)
        {
            var (progress, note) = ((double)index / content.Images.Count, $"image {index + 1} of {content.Images.Count}");
            alive(progress, note);
            var description = content.Images[index].Description;
            var preview = index < ImagesWithPictures
                ? await pictures.MakeAsync(Watched(content.Images[index], () => alive(progress, note)), index, cancellationToken).ConfigureAwait(false)
                : null;
            images.Add(new ExtractedImage(index, description.Title, description.Shape, description.PixelType.Name, WireDescription.Axes(description), description.Partial, preview));
        }

        var result = new TaskResult(
            content.Format.Id, content.Variant ?? content.Format.Name, content.Format.ReaderVersion, content.Format.MappingVersion, SoftwareVersion, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 6),
            images, WireDescription.Acquisition(content.Acquisition), warnings,
            content.Members.Count == 0 ? [new ExtractedMember(input.Primary.Name, "primary")] : [.. content.Members.Select(member => new ExtractedMember(member.Name, Word(member.Role)))],
            content.Companions);
        return (result, artifacts.All);
    }

    // Pyramids keep their levels: small pictures of large images are drawn from them.
    private static IImageSource Watched(IImageSource image, Action alive) =>
        image is IPyramidImageSource pyramid ? new WatchedPyramid(pyramid, alive) : new WatchedImageSource(image, alive);

    private static byte[] Written(JsonObject original)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, MetadataJson.Options(indented: false)))
            MetadataJson.Write(writer, original);
        return bytes.ToArray();
    }

    private static string Word(MemberRole role) => role switch
    {
        MemberRole.Primary => "primary",
        MemberRole.Part => "part",
        _ => "sidecar",
    };
}
