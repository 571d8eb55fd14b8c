using System.Text.Json.Nodes;
using Dapper;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Annotations;

/// <summary>A hub with a file set that was read: image 0 is a stack of 7 planes of 40 columns (0.5 nm, first centre at 10 nm) and 30 rows (0.25 nm, first centre at −3 nm).</summary>
public sealed class AnnotationStage(DepositStage stage) : IAsyncDisposable
{
    private const string Axes = """
        [{"name":"z","role":"navigation","size":7,"scale":null,"offset":null,"unit":null,"coordinates":null},
         {"name":"y","role":"signal","size":30,"scale":0.25,"offset":-3,"unit":"nm","coordinates":null},
         {"name":"x","role":"signal","size":40,"scale":0.5,"offset":10,"unit":"nm","coordinates":null}]
        """;

    public DepositStage Stage { get; } = stage;

    public Guid Set { get; private set; }

    public TestActor Owner { get; } = new(stage.Owner, stage.As(stage.Owner));

    public TestActor Viewer { get; } = new(stage.Viewer, stage.As(stage.Viewer));

    public string Image => $"file-sets/{Set}/images/0";

    public static async Task<AnnotationStage> SetAsync(TestDatabase database)
    {
        var stage = new AnnotationStage(await DepositStage.SetAsync(database));
        stage.Set = (Guid)(await stage.Stage.PutAsync("d/a.tif", [1]))["fileSetId"]!;
        await stage.ReadAsync();
        return stage;
    }

    /// <summary>As a worker would have read it; again, it makes new rows.</summary>
    public async Task ReadAsync()
    {
        await using var connection = await Stage.Hub.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("""
            update file_sets set extraction_id = null where id = @Set;
            delete from images where file_set_id = @Set;
            delete from extractions where file_set_id = @Set;
            insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds) values (@extraction, @Set, 1, 'tiff', 'TIFF', '1', '1', '{}', 0.1);
            insert into images (id, extraction_id, file_set_id, index, title, shape, pixel_type, axes) values (gen_random_uuid(), @extraction, @Set, 0, 'Grains', '{7,30,40}', 'float32', @Axes::jsonb);
            update file_sets set extraction_id = @extraction, reading = 'read' where id = @Set;
            """, new { Set, extraction = Guid.CreateVersion7(), Axes });
    }

    public static JsonObject New(string kind, double[] points, string? label = null, string[]? tags = null, string? note = null, JsonObject? plane = null) => new()
    {
        ["kind"] = kind, ["points"] = Numbers(points), ["label"] = label, ["tags"] = tags is null ? null : new JsonArray([.. tags.Select(tag => (JsonNode)tag)]), ["note"] = note, ["plane"] = plane,
    };

    public static JsonArray Numbers(params double[] values) => new([.. values.Select(value => (JsonNode)value)]);

    public static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(value => (double)value!)];

    /// <summary>One of each kind.</summary>
    public static JsonObject[] OfEachKind() =>
    [
        New("point", [1.5, 2.25], "void", ["pore"], "a small one"),
        New("line", [0.1, 0.2, 3, 4.4]),
        New("polyline", [0, 0, 3, 4, 3, 10], "crack"),
        New("box", [2, 3, 12, 7], "precipitate", ["γ′", "coarse"], "see <Fig. 2> & text", new JsonObject { ["z"] = 3 }),
        New("ellipse", [5, 5, 15, 9], "grain"),
        New("polygon", [0, 0, 4, 0, 4, 2]),
    ];

    /// <summary>Marks; the items of the answer.</summary>
    public async Task<JsonArray> AddAsync(params JsonObject[] items) =>
        (await Owner.MustAsync("POST", $"{Image}/annotations", new JsonObject { ["items"] = new JsonArray([.. items]) }))["items"]!.AsArray();

    public async Task<JsonArray> ListAsync() => (await Viewer.MustAsync("GET", $"{Image}/annotations"))["items"]!.AsArray();

    public ValueTask DisposeAsync() => Stage.DisposeAsync();
}
