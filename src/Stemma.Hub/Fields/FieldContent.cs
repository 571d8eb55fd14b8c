using System.Text.Json.Nodes;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Fields;

/// <summary>What a field holds, as the database keeps it: the columns of its type are set.</summary>
internal sealed record FieldContent
{
    public string? Text { get; init; }
    public double? Number { get; init; }
    public double? NumberSi { get; init; }
    public DateOnly? Date { get; init; }
    public Guid? PersonId { get; init; }
    public string? LinkKind { get; init; }
    public Guid? LinkId { get; init; }
    public string? LinkUrl { get; init; }

    /// <summary>As events keep it: people and objects by id.</summary>
    public JsonNode? ToEvent(string? unit) => this switch
    {
        { Number: { } number } => unit is null ? number : new JsonObject { ["number"] = number, ["unit"] = unit },
        { Date: { } date } => date.ToString("yyyy-MM-dd"),
        { PersonId: { } person } => new JsonObject { ["person"] = person.ToString() },
        { LinkKind: { } kind } => new JsonObject { ["link"] = kind, ["to"] = LinkUrl ?? LinkId.ToString() },
        _ => Text,
    };
}

/// <summary>A value as it stands in the database, with the names of what it refers to, as far as the reader sees them.</summary>
internal sealed record FieldValueRow
{
    /// <summary>Columns of <c>field_values v</c>, for a reader with <c>@Id</c> and <c>@Mask</c>.</summary>
    public const string Columns = """
        v.id, v.object_id, v.field_id, v.text, v.number, v.number_si, v.date, v.person_id, v.link_kind, v.link_id, v.link_url, v.set_by, v.set_at, v.ended_by, v.ended_at,
        (select p.name from principal_names p where p.id = v.set_by) as set_by_name, (select p.name from principal_names p where p.id = v.ended_by) as ended_by_name,
        (select p.name from people p where p.id = v.person_id) as person_name,
        case v.link_kind
            when 'node' then (select n.name from nodes n where n.id = v.link_id and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0)
            when 'file-set' then (select s.name from file_sets s join nodes n on n.id = s.dataset_id
                where s.id = v.link_id and s.trashed_at is null and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0)
            when 'sample' then (select s.name from samples s join nodes n on n.id = s.project_id
                where s.id = v.link_id and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0)
            when 'session' then (select coalesce(nullif(s.name, ''), i.name) from sessions s join instruments i on i.id = s.instrument_id where s.id = v.link_id and exists (select from accounts a where a.id = @Id))
        end as link_name
        """;

    public Guid Id { get; init; }
    public Guid ObjectId { get; init; }
    public Guid FieldId { get; init; }
    public string? Text { get; init; }
    public double? Number { get; init; }
    public double? NumberSi { get; init; }
    public DateOnly? Date { get; init; }
    public Guid? PersonId { get; init; }
    public string? LinkKind { get; init; }
    public Guid? LinkId { get; init; }
    public string? LinkUrl { get; init; }
    public Guid SetBy { get; init; }
    public DateTime SetAt { get; init; }
    public Guid? EndedBy { get; init; }
    public DateTime? EndedAt { get; init; }
    public string SetByName { get; init; } = "";
    public string? EndedByName { get; init; }
    public string? PersonName { get; init; }
    public string? LinkName { get; init; }

    public FieldContent Content => new()
    {
        Text = Text, Number = Number, NumberSi = NumberSi, Date = Date, PersonId = PersonId, LinkKind = LinkKind, LinkId = LinkId, LinkUrl = LinkUrl,
    };

    /// <summary>As it is exported.</summary>
    public string Exported => this switch
    {
        { Number: { } number } => number.ToString("R"),
        { Date: { } date } => date.ToString("yyyy-MM-dd"),
        { PersonId: not null } => PersonName ?? "",
        { LinkUrl: { } url } => url,
        { LinkKind: { } kind } => $"{kind}:{LinkId}",
        _ => Text ?? "",
    };

    public FieldValue ToValue() => new(
        Exported, Number, Number is not null && Text != Exported ? Text : null, Date,
        PersonId is { } person ? new NamedPerson(person, PersonName ?? "") : null,
        LinkKind is { } kind ? new LinkTarget(FieldWords.Link(kind)!.Value, LinkId, LinkUrl, LinkUrl ?? LinkName) : null,
        new PrincipalName(SetBy, SetByName), SetAt);
}
