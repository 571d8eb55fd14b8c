using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Annotations;

/// <summary>An annotation as it stands in the database.</summary>
internal sealed record AnnotationRow
{
    public const string Columns = "a.id, a.sequence, a.kind, a.points, a.plane::text as plane, a.label, a.tags, a.note, a.created_by, a.created_at, a.modified_at, a.version";

    public Guid Id { get; init; }
    public long Sequence { get; init; }
    public AnnotationKind Kind { get; init; }
    public double[] Points { get; init; } = [];

    /// <value>JSON: axis → index; null for all planes.</value>
    public string? Plane { get; init; }

    public string Label { get; init; } = "";
    public string[] Tags { get; init; } = [];
    public string Note { get; init; } = "";
    public Guid CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime ModifiedAt { get; init; }
    public long Version { get; init; }

    public IReadOnlyDictionary<string, long>? Indices => Plane is null ? null : JsonSerializer.Deserialize<Dictionary<string, long>>(Plane);

    public Annotation ToAnnotation(IReadOnlyDictionary<Guid, PrincipalName> people) => new(Id, Kind, Points, Indices, Label, Tags, Note, people[CreatedBy], CreatedAt, ModifiedAt, Version);

    /// <summary>As events tell of it.</summary>
    public JsonObject Describe() => new()
    {
        ["id"] = Id.ToString(), ["kind"] = Kind.Word(), ["points"] = new JsonArray([.. Points.Select(value => (JsonNode)value)]), ["plane"] = Plane is null ? null : JsonNode.Parse(Plane),
        ["label"] = Label, ["tags"] = EventText.Words(Tags), ["note"] = Note,
    };
}

internal static class AnnotationKinds
{
    /// <summary>The word in the database, in JSON and in events.</summary>
    public static string Word(this AnnotationKind kind) => kind.ToString().ToLowerInvariant();
}
