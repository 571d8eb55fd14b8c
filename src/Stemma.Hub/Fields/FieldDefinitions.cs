using Stemma.Hub.Database;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>What templates and fields may be.</summary>
internal static class FieldDefinitions
{
    public const int MaxTemplates = 50;
    private const int MaxFields = 100;
    private const int MaxChoices = 200;
    private const int MaxHelp = 1000;

    /// <summary>The targets, each once, in their order.</summary>
    public static FieldTarget[] CheckTargets(IReadOnlyList<FieldTarget> targets) =>
        targets.Count > 0 ? [.. targets.Distinct().Order()] : throw Problem.Invalid("appliesTo names at least one of project, collection, dataset and fileSet, but is empty.");

    /// <exception cref="Problem">400: it names the field, and what is wrong with it.</exception>
    public static FieldDefinition[] Check(IReadOnlyList<FieldDefinition> fields)
    {
        if (fields.Count > MaxFields)
            throw Problem.Invalid($"A template has at most {MaxFields} fields, but these are {fields.Count}. Make several templates.");
        FieldDefinition[] clean = [.. fields.Select(Check)];
        if (clean.GroupBy(field => field.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Problem.Invalid($"Two fields are called \"{twice.Key}\". Every field of a project has a name of its own.");
        if (clean.GroupBy(field => field.Id).FirstOrDefault(same => same.Key is not null && same.Count() > 1) is { } repeated)
            throw Problem.Invalid($"The field {repeated.Key} stands there twice.");
        return clean;
    }

    private static FieldDefinition Check(FieldDefinition field)
    {
        var name = Names.Check("name", field.Name);
        var help = SqlText.Clean((field.Help ?? "").Trim());
        if (help.Length > MaxHelp)
            throw Problem.Invalid($"The help of \"{name}\" has at most {MaxHelp} characters, but has {help.Length}.");
        // Columns of tables are called by fields, and the first two are taken.
        if (name.ToLowerInvariant() is "id" or "path")
            throw Problem.Invalid($"A field cannot be called \"{name}\": tables have a column of that name. Choose another one.");
        return field with { Name = name, Unit = Unit(name, field), Choices = Choices(name, field), Help = help };
    }

    private static string? Unit(string name, FieldDefinition field)
    {
        if (string.IsNullOrWhiteSpace(field.Unit))
            return null;
        if (field.Type != FieldType.Number)
            throw Problem.Invalid($"Only numbers have a unit, but \"{name}\" is of type {field.Type.Word()} and has the unit \"{field.Unit}\".");
        return Units.Find(field.Unit)?.Symbol
            ?? throw Problem.Invalid($"\"{name}\": the unit \"{field.Unit}\" is not known. Known are {string.Join(", ", Units.All.Select(unit => unit.Symbol))}.");
    }

    private static string[] Choices(string name, FieldDefinition field)
    {
        string[] choices = [.. (field.Choices ?? []).Select(choice => Names.Check("choice", choice ?? "")).Distinct(StringComparer.OrdinalIgnoreCase)];
        return (field.Type, choices.Length) switch
        {
            (FieldType.Choice, 0) => throw Problem.Invalid($"\"{name}\" is a choice and needs at least one thing to choose."),
            (FieldType.Choice, > MaxChoices) => throw Problem.Invalid($"\"{name}\" offers at most {MaxChoices} things to choose, but these are {choices.Length}."),
            (FieldType.Choice, _) or (_, 0) => choices,
            _ => throw Problem.Invalid($"Only choices offer something to choose, but \"{name}\" is of type {field.Type.Word()}."),
        };
    }
}
