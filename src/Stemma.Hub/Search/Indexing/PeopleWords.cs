using System.Text.Json;

namespace Stemma.Hub.Search.Indexing;

/// <summary>What people added to a file or a node, as the index takes it: fields of their project by name, and free words.</summary>
internal static class PeopleWords
{
    /// <summary>SQL that gives notes and comments of an object, and its fields as JSON: name and value.</summary>
    /// <param name="id">SQL of the object's id.</param>
    public static string Sql(string id) => $"""
        (select array_agg(r.body order by r.id) from remarks r where r.object_id = {id} and r.deleted_at is null) as remarks,
        (select jsonb_agg(jsonb_build_array(w.name, w.value))::text from field_words({id}) w) as fields
        """;

    /// <summary>Lexemes of a field that people defined begin so; the vocabulary's do not.</summary>
    public static string Prefix(string field) => $"own.{Folding.FoldValue(field).Replace(' ', '_')}";

    public static void Add(WordVector words, string[]? remarks, string? fields)
    {
        foreach (var remark in remarks ?? [])
            words.AddText(remark);
        if (remarks is { Length: > 0 })
            words.AddExact("has=note");
        if (fields is null)
            return;
        using var pairs = JsonDocument.Parse(fields);
        foreach (var pair in pairs.RootElement.EnumerateArray())
        {
            var (prefix, value) = (Prefix(pair[0].GetString()!), pair[1].GetString()!);
            words.AddText(value, $"{prefix}/");
            words.AddExact($"{prefix}={Folding.FoldValue(value)}");
        }
    }
}
