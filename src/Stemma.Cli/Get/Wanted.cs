using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Client;

namespace Stemma.Cli.Get;

/// <summary>A file to fetch.</summary>
/// <param name="Path">Where it goes below the output folder.</param>
internal sealed record WantedFile(Guid Id, string Path, long Size, string Sha256);

/// <summary>What a person asked for: one file, or a folder of them.</summary>
/// <param name="Name">Name of the file or folder.</param>
internal sealed record Wanted(string Name, bool IsFile, IReadOnlyList<WantedFile> Files)
{
    /// <summary>By id of a node, file set or file, or by names: <c>Project/Collection/Dataset/path</c>.</summary>
    /// <exception cref="CommandException">There is nothing of that name.</exception>
    public static async Task<Wanted> FindAsync(StemmaClient client, string address, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(address, out var id))
            return await FindAsync(client, id, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandException(ExitCode.Refused, $"There is nothing with the id {id}, or you may not see it.");
        var (node, rest) = await NodeAddress.FindAsync(client, address, cancellationToken).ConfigureAwait(false);
        var all = await BelowAsync(client, node, cancellationToken).ConfigureAwait(false);
        if (rest.Length == 0)
            return all;
        if (all.Files.FirstOrDefault(file => file.Path == rest) is { } single)
            return new Wanted(Path.GetFileName(rest), true, [single with { Path = Path.GetFileName(rest) }]);
        var below = all.Files.Where(file => file.Path.StartsWith(rest + "/", StringComparison.Ordinal)).Select(file => file with { Path = file.Path[(rest.Length + 1)..] }).ToList();
        return below.Count > 0
            ? new Wanted(Path.GetFileName(rest), false, below)
            : throw NodeAddress.Missing(address, node, rest);
    }

    private static async Task<Wanted?> FindAsync(StemmaClient client, Guid id, CancellationToken cancellationToken)
    {
        if (await NodeAddress.OrNullAsync(() => client.Nodes.GetAsync(id, cancellationToken)).ConfigureAwait(false) is { } node)
            return await BelowAsync(client, node, cancellationToken).ConfigureAwait(false);
        if (await NodeAddress.OrNullAsync(() => client.FileSets.GetAsync(id, cancellationToken)).ConfigureAwait(false) is { Files: { } members } set)
            return members.Count == 1
                ? OfFile(members[0])
                : new Wanted(Path.GetFileNameWithoutExtension(set.Name), false, [.. members.Select(file => new WantedFile(file.Id, file.Path, file.Size, file.Sha256))]);
        return await NodeAddress.OrNullAsync(() => client.FileSets.GetFileAsync(id, cancellationToken)).ConfigureAwait(false) is { } file ? OfFile(file) : null;

        static Wanted OfFile(StoredFile file) => new(Path.GetFileName(file.Path), true, [new WantedFile(file.Id, Path.GetFileName(file.Path), file.Size, file.Sha256)]);
    }

    private static async Task<Wanted> BelowAsync(StemmaClient client, Node node, CancellationToken cancellationToken)
    {
        var files = new List<WantedFile>();
        await foreach (var file in client.Nodes.FilesAsync(node.Id, cancellationToken).ConfigureAwait(false))
            files.Add(new WantedFile(file.Id, file.Path, file.Size, file.Sha256));
        return new Wanted(node.Name, false, files);
    }
}
