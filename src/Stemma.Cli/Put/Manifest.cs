using Stemma.Client;

namespace Stemma.Cli.Put;

/// <summary>What is already at the destination, so that only what is missing is sent.</summary>
internal sealed class Manifest
{
    private readonly Dictionary<string, ManifestFile> _files = new(StringComparer.Ordinal);

    public static async Task<Manifest> LoadAsync(StemmaClient client, Guid node, CancellationToken cancellationToken)
    {
        var manifest = new Manifest();
        await foreach (var file in client.Nodes.FilesAsync(node, cancellationToken).ConfigureAwait(false))
            manifest._files[file.Path] = file;
        return manifest;
    }

    /// <summary>The file at the place where a path would be deposited; null where there is none.</summary>
    /// <remarks>A path with fewer folders than levels goes to a dataset named apart from it.</remarks>
    public ManifestFile? Find(Node destination, string path, PutOptions options)
    {
        var folders = path.Count(character => character == '/');
        if (destination.Kind == "dataset" || folders >= (options.Levels ?? 1))
            return _files.GetValueOrDefault(path);
        var name = path.LastIndexOf('/') + 1;
        return _files.GetValueOrDefault($"{path[..name]}{options.Dataset ?? "Files"}/{path[name..]}");
    }
}
