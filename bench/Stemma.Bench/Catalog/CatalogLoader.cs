using Npgsql;
using Type = NpgsqlTypes.NpgsqlDbType;

namespace Stemma.Bench.Catalog;

/// <summary>Writes a made catalog where a hub would have: rows by COPY, vendors' trees into the artifact folder. No bytes of files: they are as if linked.</summary>
internal sealed class CatalogLoader(NpgsqlConnection connection, string data)
{
    private const int BatchSize = 5_000;

    public async Task PeopleAsync(MadePeople people)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.CopyAsync("principals", [("id", Type.Uuid), ("kind", Type.Text)], people.Accounts.Select(account => new object?[] { account.Id, "account" }).Concat(people.Groups.Select(group => new object?[] { group.Id, "group" })));
        await connection.CopyAsync("people", [("id", Type.Uuid), ("name", Type.Text), ("aliases", Type.Array | Type.Text)], people.Accounts.Select(account => new object?[] { account.PersonId, account.Name, new[] { account.Alias } }));
        await connection.CopyAsync("accounts", [("id", Type.Uuid), ("person_id", Type.Uuid), ("login", Type.Text)], people.Accounts.Select(account => new object?[] { account.Id, account.PersonId, account.Login }));
        await connection.CopyAsync("groups", [("id", Type.Uuid), ("name", Type.Text)], people.Groups.Select(group => new object?[] { group.Id, group.Name }));
        await connection.CopyAsync("group_members", [("group_id", Type.Uuid), ("account_id", Type.Uuid)], people.Groups.SelectMany(group => group.Members.Select(member => new object?[] { group.Id, member })));
        await transaction.CommitAsync();
    }

    public async Task TreeAsync(MadeTree tree)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.CopyAsync("scopes", [("id", Type.Uuid), ("parent_id", Type.Uuid)], tree.Nodes.Where(node => node.ScopeId == node.Id).Select(node => new object?[] { node.Id, node.Parent?.ScopeId }));
        await connection.CopyAsync("nodes",
            [("id", Type.Uuid), ("kind", Type.Text), ("parent_id", Type.Uuid), ("scope_id", Type.Uuid), ("name", Type.Text), ("description", Type.Text), ("tags", Type.Array | Type.Text), ("created_by", Type.Uuid)],
            tree.Nodes.Select(node => new object?[] { node.Id, node.Kind, node.Parent?.Id, node.ScopeId, node.Name, node.Description, node.Tags, node.CreatedBy }));
        await connection.CopyAsync("grants", [("id", Type.Uuid), ("node_id", Type.Uuid), ("principal_id", Type.Uuid), ("capabilities", Type.Integer), ("granted_by", Type.Uuid)],
            tree.Grants.Select(grant => new object?[] { grant.Id, grant.NodeId, grant.PrincipalId, grant.Capabilities, grant.GrantedBy }));
        await connection.CopyAsync("placements", [("space_id", Type.Uuid), ("node_id", Type.Uuid), ("capabilities", Type.Integer), ("placed_by", Type.Uuid)],
            tree.Placements.Select(placement => new object?[] { placement.SpaceId, placement.NodeId, placement.Capabilities, placement.PlacedBy }));
        await transaction.CommitAsync();
    }

    /// <summary>Files in the order in which they came, so many in each transaction.</summary>
    /// <param name="make">The file of a number, and the dataset it lies in.</param>
    public async Task FilesAsync(int count, Func<int, (MadeFile File, MadeNode Dataset)> make, Action<int> progress)
    {
        for (var first = 0; first < count; first += BatchSize)
        {
            var batch = new (MadeFile, MadeNode)[Math.Min(BatchSize, count - first)];
            Parallel.For(0, batch.Length, place =>
            {
                batch[place] = make(first + place);
                WriteOriginal(batch[place].Item1);
            });
            await FilesAsync(batch);
            progress(first + batch.Length);
        }
    }

    /// <summary>In one transaction; their trees lie in the artifact folder already.</summary>
    public async Task FilesAsync(IReadOnlyList<(MadeFile File, MadeNode Dataset)> files)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        // An extraction has the id of its set, an image that of its file: each is unique in its table.
        await connection.CopyAsync("file_sets",
            [("id", Type.Uuid), ("dataset_id", Type.Uuid), ("name", Type.Text), ("grouping_key", Type.Text), ("tags", Type.Array | Type.Text), ("reading", Type.Text), ("extraction_id", Type.Uuid), ("size", Type.Bigint), ("created_at", Type.TimestampTz)],
            files.Select(pair => new object?[] { pair.File.Id, pair.Dataset.Id, pair.File.Name, pair.File.Name, pair.File.Tags, "read", pair.File.Id, pair.File.Size, pair.File.AddedAt }));
        await connection.CopyAsync("extractions",
            [("id", Type.Uuid), ("file_set_id", Type.Uuid), ("membership", Type.Bigint), ("format", Type.Text), ("format_name", Type.Text), ("reader_version", Type.Text), ("software_version", Type.Text), ("acquisition", Type.Jsonb), ("seconds", Type.Double)],
            files.Select(pair => new object?[] { pair.File.Id, pair.File.Id, 1L, pair.File.Instrument.Format, pair.File.Instrument.FormatName, "1", "bench", pair.File.Acquisition, 0.1 }));
        await connection.CopyAsync("images",
            [("id", Type.Uuid), ("extraction_id", Type.Uuid), ("file_set_id", Type.Uuid), ("index", Type.Integer), ("shape", Type.Array | Type.Bigint), ("pixel_type", Type.Text), ("axes", Type.Jsonb)],
            files.Select(pair => new object?[] { pair.File.Id, pair.File.Id, pair.File.Id, 0, pair.File.Shape, "UInt16", pair.File.Axes }));
        await connection.CopyAsync("artifacts", [("extraction_id", Type.Uuid), ("name", Type.Text), ("media_type", Type.Text), ("sha256", Type.Bytea), ("size", Type.Bigint)],
            files.Select(pair => new object?[] { pair.File.Id, "original", "application/json", pair.File.Digest, (long)pair.File.Original.Length }));
        await connection.CopyAsync("files",
            [("id", Type.Uuid), ("file_set_id", Type.Uuid), ("dataset_id", Type.Uuid), ("path", Type.Text), ("role", Type.Text), ("size", Type.Bigint), ("sha256", Type.Bytea), ("deposited_by", Type.Uuid), ("deposited_at", Type.TimestampTz), ("deposited_via", Type.Text)],
            files.Select(pair => new object?[]
            {
                pair.File.Id, pair.File.Id, pair.Dataset.Id, pair.File.Name, "primary", pair.File.Size, pair.File.Digest, pair.Dataset.CreatedBy, pair.File.AddedAt, "link",
            }));
        await transaction.CommitAsync();
    }

    public void WriteOriginal(MadeFile file)
    {
        var hex = Convert.ToHexStringLower(file.Digest);
        var folder = Path.Combine(data, "artifacts", hex[..3]);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, hex), file.Original);
    }
}
