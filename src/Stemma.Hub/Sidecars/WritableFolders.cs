using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Harvest;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sidecars;

/// <summary>Where administrators let the hub write: the folders of the harvest sources that say so, and all in them.</summary>
internal sealed class WritableFolders
{
    private readonly List<string> _folders;

    private WritableFolders(List<string> folders) => _folders = folders;

    public static async Task<WritableFolders> LoadAsync(NpgsqlConnection connection, HubOptions options, CancellationToken cancellationToken)
    {
        List<string> folders = [];
        foreach (var folder in await connection.RowsAsync<string>("select folder from harvest_sources where sidecars", null, cancellationToken))
            try
            {
                folders.Add(Path.TrimEndingDirectorySeparator(SharePlace.Find(options, folder).FullPath) + "/");
            }
            catch (Problem)
            {
                // The roots were changed since: what lies beneath none is not written to.
            }

        return new WritableFolders(folders);
    }

    /// <param name="path">Beneath the root.</param>
    public bool Hold(string root, string path)
    {
        var full = new SharePlace(root, path).FullPath;
        return _folders.Exists(folder => full.StartsWith(folder, StringComparison.Ordinal));
    }
}
