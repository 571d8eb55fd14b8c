using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Stemma.Hub.Accounts;

namespace Stemma.Hub.Tests.Support;

/// <summary>A hub with a project, and people of every kind.</summary>
public sealed class DepositStage : IAsyncDisposable
{
    private readonly Dictionary<Guid, string> _tokens = [];

    private DepositStage(TestHub hub) => Hub = hub;

    public TestHub Hub { get; }

    public Guid Project { get; } = Guid.CreateVersion7();

    public Guid Owner { get; private set; }

    public Guid Viewer { get; private set; }

    public Guid Guest { get; private set; }

    public Guid Stranger { get; private set; }

    public static async Task<DepositStage> SetAsync(TestDatabase database, Action<HubOptions>? configure = null, Action<WebApplicationBuilder>? build = null)
    {
        var stage = new DepositStage(await TestHub.StartAsync(database, configure, build));
        await using var connection = await stage.Hub.Database.OpenConnectionAsync();
        stage.Owner = await AccountAsync("olga");
        stage.Viewer = await AccountAsync("viktor");
        stage.Guest = await AccountAsync("gustav");
        stage.Stranger = await AccountAsync("stella");
        await connection.ExecuteAsync("""
            insert into nodes (id, kind, scope_id, name, created_by) values (@Project, 'project', @Project, 'Additive manufacturing', @Owner);
            insert into scopes (id) values (@Project);
            insert into grants (id, node_id, principal_id, capabilities, granted_by) values
                (gen_random_uuid(), @Project, @Owner, 63, @Owner), (gen_random_uuid(), @Project, @Viewer, 3, @Owner), (gen_random_uuid(), @Project, @Guest, 1, @Owner);
            """, stage);
        return stage;

        async Task<Guid> AccountAsync(string login)
        {
            var id = Guid.CreateVersion7();
            await connection.ExecuteAsync("insert into principals (id, kind) values (@id, 'account'); insert into accounts (id, login) values (@id, @login)", new { id, login });
            stage._tokens[id] = (await stage.Hub.TokenAsync(id, TokenScope.Manage)).Token!;
            return id;
        }
    }

    public HttpClient As(Guid account) => Hub.WithToken(_tokens[account]);

    /// <summary>The header line that says who asks, for requests written by hand.</summary>
    public string Authorization(Guid account) => $"Authorization: Bearer {_tokens[account]}";

    /// <summary>Deposits a file as the owner; the answer's body.</summary>
    public async Task<JsonObject> PutAsync(string path, byte[] bytes, Guid? node = null, string query = "", HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var client = As(Owner);
        using var answer = await client.PutAsync(FilesOf(node ?? Project, path) + query, new ByteArrayContent(bytes));
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, body);
        return JsonNode.Parse(body)!.AsObject();
    }

    /// <summary>Deposits files into one dataset, in order; the dataset.</summary>
    public async Task<Guid> PutAllAsync(params IEnumerable<string> paths)
    {
        var dataset = Guid.Empty;
        foreach (var path in paths)
            dataset = (Guid)(await PutAsync("set/" + path, Bytes(path)))["datasetId"]!;
        return dataset;
    }

    public static string FilesOf(Guid node, string path) => $"nodes/{node}/files/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Bytes that differ from path to path, and are the same every time.</summary>
    public static byte[] Bytes(string seed, int length = 300)
    {
        var bytes = new byte[length];
        new Random(BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed)))).NextBytes(bytes);
        return bytes;
    }

    /// <summary>All current files by set: name of the set, then its files' paths.</summary>
    public async Task<string[]> SetsAsync(Guid dataset)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select s.name || ' = ' || string_agg(f.path || ' ' || f.role, ', ' order by f.path collate "C") || ' (' || s.size || ')'
            from file_sets s left join files f on f.file_set_id = s.id and f.is_current
            where s.dataset_id = @dataset and s.trashed_at is null group by s.id order by s.name collate "C"
            """, new { dataset })];
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
