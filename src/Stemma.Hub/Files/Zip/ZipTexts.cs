using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files.Zip;

/// <summary>The texts with the metadata that go into an archive: each made when its turn comes, and with what the one who downloads may see.</summary>
/// <param name="datasets">Whose file sets have one.</param>
internal sealed class ZipTexts(NpgsqlDataSource database, SidecarReader reader, Actor actor, string origin, HashSet<Guid> datasets)
{
    /// <returns>Null where there is to be none; also where the file set was thrown away while the archive was under way.</returns>
    public async Task<byte[]?> OfAsync(Guid dataset, Guid set, CancellationToken cancellationToken)
    {
        if (!datasets.Contains(dataset))
            return null;
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return SidecarText.Write(await reader.ReadAsync(connection, actor, set, origin, cancellationToken));
        }
        catch (Problem)
        {
            return null;
        }
    }
}
