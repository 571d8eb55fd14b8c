using System.Globalization;
using System.Text.Json.Nodes;

namespace Stemma.Hub.Records;

/// <summary>What a sentence is made of: the event's data, and the names of those it mentions by id.</summary>
internal sealed record EventFacts(string Kind, JsonObject Data, IReadOnlyDictionary<Guid, string> Names, IReadOnlySet<Guid> VisibleNodes)
{
    public string this[string member] => Text(Data[member]);

    public bool Has(string member) => Data[member] is not null;

    public string Quoted(string member) => Quote(this[member]);

    /// <summary>Whoever a member names by id, as they are called now.</summary>
    public string Who(string member) =>
        Guid.TryParse(this[member], out var id) && Names.TryGetValue(id, out var name) ? name : "somebody";

    /// <summary>A node that a member describes, if the reader sees it.</summary>
    public string Place(string member) =>
        Data[member] is JsonObject node && Guid.TryParse(Text(node["id"]), out var id) && VisibleNodes.Contains(id)
            ? $"the {Text(node["kind"])} {Quote(Text(node["name"]))}" : "a place that you do not see";

    /// <summary>The role, or the capabilities where they make none.</summary>
    public string Role(JsonObject? of = null)
    {
        var grant = of ?? Data;
        return grant["role"] is not null ? Text(grant["role"]) : grant["capabilities"] is JsonArray words ? string.Join(", ", words.Select(Text)) : "nothing";
    }

    /// <summary> until 1 March 2027, or nothing.</summary>
    public string Until(string member = "expiresAt") => Has(member) ? $" until {Day(Data[member])}" : "";

    public static string Text(JsonNode? node) => node switch { null => "", JsonValue value => value.ToString(), _ => node.ToJsonString() };

    public static string Quote(string words) => $"\"{(words.Length > 200 ? words[..200] + "…" : words)}\"";

    public static string Day(JsonNode? node) =>
        DateTime.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) : Text(node);
}

/// <summary>Events in words. A type that is not known here is told by its name.</summary>
internal static class EventWords
{
    private static readonly Dictionary<string, Func<EventFacts, string>> Sentences = new(StringComparer.Ordinal)
    {
        ["node.created"] = facts => $"made the {facts.Kind} {facts.Quoted("name")}{(facts.Has("parent") ? $" in {facts.Place("parent")}" : "")}",
        ["node.changed"] = facts => Changes(facts) is { Length: > 0 } changes ? changes : "changed it",
        ["node.moved"] = facts => $"moved the {facts.Kind} {facts.Quoted("name")} from {facts.Place("from")} to {facts.Place("to")}",
        ["node.trashed"] = facts => $"threw the {facts.Kind} {facts.Quoted("name")} away{Many(facts, "fileSets", "file")}",
        ["node.restored"] = facts => $"put the {facts.Kind} {facts.Quoted("nameBefore")} back{(facts["name"] == facts["nameBefore"] ? "" : $" as {facts.Quoted("name")}")}",
        ["node.purged"] = facts => $"removed the {facts.Kind} {facts.Quoted("name")} for good{Many(facts, "fileSets", "file")}, {After(facts)}",
        ["node.placed"] = facts => $"placed {facts.Quoted("name")} in {facts.Place("space")} as {facts.Role()}",
        ["node.unplaced"] = facts => $"took {facts.Quoted("name")} out of {facts.Place("space")}",
        ["node.handed-over"] = facts => $"handed {facts.Quoted("name")} over to {facts.Who("principal")}",
        ["grant.given"] = facts => facts.Data["before"] is JsonObject before
            ? $"changed what {facts.Who("principal")} may do with {facts.Quoted("name")} from {facts.Role(before)} to {facts.Role()}{facts.Until()}"
            : $"shared {facts.Quoted("name")} with {facts.Who("principal")} as {facts.Role()}{facts.Until()}",
        ["grant.withdrawn"] = facts => $"no longer shares {facts.Quoted("name")} with {facts.Who("principal")}",
        ["link.made"] = facts => $"made a guest link to {facts.Quoted("name")}{facts.Until()}",
        ["link.ended"] = facts => $"ended a guest link to {facts.Quoted("name")}",
        ["file.deposited"] = facts => facts.Has("replaces") ? $"deposited version {facts["version"]} of {facts.Quoted("path")}" : $"deposited {facts.Quoted("path")}",
        ["file.renamed"] = facts => $"renamed {facts.Quoted("from")} to {facts.Quoted("to")}",
        ["file.unpacked"] = facts => $"unpacked {facts.Quoted("path")}{Many(facts, "entries", "file")}",
        ["file-set.read"] = Read,
        ["file.taken-in"] = facts => $"took {facts.Quoted("path")} in from the share",
        ["file-set.gathered"] = facts => $"gathered {facts.Quoted("name")} with the files that it is read together with",
        ["file-set.changed"] = facts => Changes(facts) is { Length: > 0 } changes ? changes : "changed it",
        ["file-set.moved"] = facts => $"moved {facts.Quoted("name")}{(facts.Data["to"] is JsonObject ? $" to {facts.Place("to")}" : " to another dataset")}",
        ["file-set.trashed"] = facts => $"threw {facts.Quoted("name")} away",
        ["file-set.restored"] = facts => $"put {facts.Quoted("name")} back",
        ["file-set.purged"] = facts => $"removed {facts.Quoted("name")} for good{Many(facts, "files", "file")}, {After(facts)}",
        ["annotations.added"] = facts => $"marked {Marks(facts)}{(facts.Has("source") ? $" from {facts["source"]}" : "")}",
        ["annotation.changed"] = facts => $"changed {Mark(facts.Data["to"])} in {facts.Quoted("name")}",
        ["annotations.removed"] = facts => $"removed {Marks(facts)}",
        ["annotations.restored"] = facts => $"put {Marks(facts)} back",
        ["group.created"] = facts => $"made the group {facts.Quoted("name")}",
        ["group.member-added"] = facts => $"put {facts.Who("principal")} into the group {facts.Quoted("name")}",
        ["group.member-removed"] = facts => $"took {facts.Who("principal")} out of the group {facts.Quoted("name")}",
        ["harvest.moved"] = facts => $"saw that {facts.Quoted("from")} is called {facts.Quoted("to")} on its share now",
        ["harvest-source.created"] = facts => $"has the share {facts.Quoted("name")} watched",
        ["harvest-source.changed"] = facts => $"changed how the share {EventFacts.Quote(EventFacts.Text(facts.Data["after"]?["name"]))} is watched",
        ["harvest-source.deleted"] = facts => $"ended the watch of the share {facts.Quoted("name")}",
        ["sidecars.switched"] = facts => facts["kept"] == "true" ? "has texts with the metadata kept beside files" : "has no texts with the metadata kept beside files any more",
        ["rereading.started"] = facts => $"began to have {facts["planned"]} {(facts["planned"] is "1" ? "file" : "files")} read again{(facts["cause"] is "upgrade" ? ", since newer readers came" : "")}",
        ["rereading.ended"] = facts => $"had files read again: {facts["same"]} came out the same, {facts["changed"]} differently, {facts["newlyRead"]} could be read for the first time, {facts["failed"]} no longer",
        ["saved-search.created"] = facts => $"saved the search {facts.Quoted("name")}",
        ["saved-search.changed"] = facts => $"changed the saved search {facts.Quoted("name")}",
        ["saved-search.deleted"] = facts => $"forgot the saved search {facts.Quoted("name")}",
        ["metadata-view.created"] = facts => $"chose what is shown first of {FilesOf(facts)}",
        ["metadata-view.changed"] = facts => $"changed what is shown first of {FilesOf(facts)}",
        ["metadata-view.deleted"] = facts => $"has the usual facts shown first again of {FilesOf(facts)}",
        ["remark.created"] = facts => facts.Has("replyTo") ? $"answered a comment on {facts.Quoted("name")}" : $"wrote a {facts.Kind} on {facts.Quoted("name")}",
        ["remark.changed"] = facts => $"changed a {facts.Kind} on {facts.Quoted("name")}",
        ["remark.deleted"] = facts => $"deleted a {facts.Kind} on {facts.Quoted("name")}",
        ["remark.restored"] = facts => $"put a {facts.Kind} on {facts.Quoted("name")} back",
        ["sample.created"] = facts => $"added the sample {facts.Quoted("name")}",
        ["sample.changed"] = facts => $"changed the sample {facts.Quoted("name")}",
        ["field-template.created"] = facts => $"defined the fields {facts.Quoted("name")}",
        ["field-template.changed"] = facts => $"changed the fields {facts.Quoted("name")}",
        ["field-template.removed"] = facts => $"removed the fields {facts.Quoted("name")}",
        ["fields.changed"] = FilledIn,
    };

    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["licence"] = "licence", ["rightsHolder"] = "rights holder", ["embargoUntil"] = "embargo", ["retainUntil"] = "date until which it is kept",
    };

    public static string Describe(string type, EventFacts facts) => Sentences.TryGetValue(type, out var sentence) ? sentence(facts) : type;

    private static string Read(EventFacts facts) => facts.Has("differences")
        ? $"read {facts.Quoted("name")} again as {facts["formatName"]}: {(facts["differences"] is "0" ? "as before" : $"{facts["differences"]} {(facts["differences"] is "1" ? "fact" : "facts")} came out differently")}"
        : $"read {facts.Quoted("name")} as {facts["formatName"]}{Many(facts, "images", "image")}";

    private static string FilledIn(EventFacts facts) => facts.Data["fields"] is JsonArray fields
        ? string.Join("; ", fields.Select(field => field?["to"] is { } to ? $"set {EventFacts.Text(field["name"])}{FieldWords(to)}" : $"cleared {EventFacts.Text(field?["name"])}"))
        : "filled in fields";

    /// <summary>People and linked objects are kept by id, and not named here.</summary>
    private static string FieldWords(JsonNode to) => to switch
    {
        JsonObject number when number["number"] is { } value => $" to {EventFacts.Text(value)} {EventFacts.Text(number["unit"])}",
        JsonObject => "",
        JsonValue number when number.GetValueKind() == System.Text.Json.JsonValueKind.Number => $" to {EventFacts.Text(number)}",
        _ => $" to {EventFacts.Quote(EventFacts.Text(to))}",
    };

    private static string Changes(EventFacts facts) => facts.Data["changes"] is JsonObject changes
        ? string.Join("; ", changes.Select(change => Change(change.Key, change.Value?["from"], change.Value?["to"])))
        : "";

    private static string Change(string member, JsonNode? from, JsonNode? to)
    {
        switch (member)
        {
            case "name":
                return $"renamed it from {EventFacts.Quote(EventFacts.Text(from))} to {EventFacts.Quote(EventFacts.Text(to))}";
            case "description":
                return "described it anew";
            case "tags":
                var (before, after) = (Words(from), Words(to));
                string[] changes =
                [
                    .. after.Except(before).ToArray() is { Length: > 0 } added ? new[] { $"tagged it {string.Join(", ", added.Select(EventFacts.Quote))}" } : [],
                    .. before.Except(after).ToArray() is { Length: > 0 } removed ? new[] { $"removed the tag {string.Join(", ", removed.Select(EventFacts.Quote))}" } : [],
                ];
                return changes.Length > 0 ? string.Join("; ", changes) : "ordered the tags anew";
            case "legalHold":
                return EventFacts.Text(to) == "true" ? "put it under legal hold" : "lifted the legal hold";
            default:
                var name = Members.GetValueOrDefault(member, member);
                var isDate = member.EndsWith("Until", StringComparison.Ordinal);
                return to is null ? $"removed the {name}" : $"set the {name} to {(isDate ? EventFacts.Day(to) : EventFacts.Quote(EventFacts.Text(to)))}";
        }
    }

    private static string[] Words(JsonNode? node) => node is JsonArray words ? [.. words.Select(EventFacts.Text)] : [];

    private static string After(EventFacts facts) => $"since it was thrown away on {EventFacts.Day(facts.Data["trashedAt"])} and not put back";

    /// <summary>the box "precipitate" in "a.tif", or 12 features in "a.tif".</summary>
    private static string Marks(EventFacts facts) =>
        $"{(facts.Data["annotations"] is JsonArray { Count: 1 } one ? Mark(one[0]) : $"{facts["count"]} feature{(facts["count"] == "1" ? "" : "s")}")} in {facts.Quoted("name")}";

    private static string Mark(JsonNode? annotation) =>
        $"the {EventFacts.Text(annotation?["kind"])}{(EventFacts.Text(annotation?["label"]) is { Length: > 0 } label ? $" {EventFacts.Quote(label)}" : "")}";
    private static string FilesOf(EventFacts facts) =>
        facts.Has("instrument") ? $"files of the instrument {facts.Quoted("instrument")}" : facts.Has("format") ? $"files of the format {facts.Quoted("format")}" : "all files";

    private static string Many(EventFacts facts, string member, string what) =>
        long.TryParse(facts[member], out var count) && count > 0 ? $" ({count} {what}{(count == 1 ? "" : "s")})" : "";
}
