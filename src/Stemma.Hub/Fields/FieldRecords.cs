using System.Text.Json;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

public enum FieldType
{
    Text,
    Number,
    Date,
    Choice,
    Person,
    Link,
}

/// <summary>What fields describe. Spaces are views and have none.</summary>
public enum FieldTarget
{
    Project,
    Collection,
    Dataset,
    FileSet,
}

/// <summary>Something that people are asked for.</summary>
/// <param name="Name">Its label, unique in the project whatever the case.</param>
/// <param name="Unit">Of numbers, one of <c>/units</c>; null for plain numbers.</param>
/// <param name="Required">It is asked for where it is missing. Nothing is refused for want of it.</param>
/// <param name="Uses">How many objects have a value now; null where it was not counted.</param>
public sealed record Field(Guid Id, string Name, FieldType Type, string? Unit, IReadOnlyList<string> Choices, bool Required, string Help, long? Uses = null);

/// <summary>Fields that belong together, as a project asks for them.</summary>
public sealed record FieldTemplate(Guid Id, Guid ProjectId, string Name, IReadOnlyList<FieldTarget> AppliesTo, IReadOnlyList<Field> Fields, long Version);

/// <param name="Id">Of a field that exists and is changed; null for a new one.</param>
public sealed record FieldDefinition(
    string Name, FieldType Type, string? Unit = null, IReadOnlyList<string>? Choices = null, bool Required = false, string? Help = null, Guid? Id = null);

public sealed record NewFieldTemplate(string Name, IReadOnlyList<FieldTarget> AppliesTo, IReadOnlyList<FieldDefinition> Fields);

/// <summary>What is left out stays.</summary>
/// <remarks>Fields are all of them, in their order: one that is not among them is removed.</remarks>
public sealed record FieldTemplatePatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public IReadOnlyList<FieldTarget> AppliesTo { get; init => field = Given(value); } = [];
    public IReadOnlyList<FieldDefinition> Fields { get; init => field = Given(value); } = [];

    /// <summary>Remove fields that have values, too. The history keeps these.</summary>
    public bool DiscardValues { get; init; }
}

public enum LinkKind
{
    Node,
    FileSet,
    Sample,
    Session,
    Url,
}

/// <summary>What a link leads to.</summary>
/// <param name="Id">Null for an address.</param>
/// <param name="Name">Null where it is gone, or the caller does not see it.</param>
public sealed record LinkTarget(LinkKind Kind, Guid? Id, string? Url, string? Name);

public sealed record NamedPerson(Guid Id, string Name);

/// <summary>What a field holds.</summary>
/// <param name="Text">As it is exported, and understood when it is sent again.</param>
/// <param name="Number">In the field's unit.</param>
/// <param name="Written">A number as it was written, where that differs: 0.2 µm.</param>
public sealed record FieldValue(
    string Text, double? Number, string? Written, DateOnly? Date, NamedPerson? Person, LinkTarget? Link, PrincipalName SetBy, DateTime SetAt);

/// <summary>A value of a node above.</summary>
/// <param name="From">Null where the caller does not see that node.</param>
public sealed record InheritedFieldValue(FieldValue Value, NodeName? From);

/// <param name="CanBeSet">False for a field of another kind of object, or of the project that this came from: its value can be removed only.</param>
/// <param name="Own">The object's own value, which goes before what it inherits.</param>
/// <param name="Inherited">The nearest value above.</param>
public sealed record ObjectField(Field Field, bool CanBeSet, FieldValue? Own, InheritedFieldValue? Inherited);

/// <summary>The fields of one template.</summary>
public sealed record FieldGroup(Guid TemplateId, string Name, IReadOnlyList<ObjectField> Fields);

/// <summary>What people wrote about an object, and what its project asks for.</summary>
/// <param name="ProjectId">Whose templates apply; null for spaces.</param>
/// <param name="Version">Its ETag.</param>
public sealed record ObjectFields(Guid? ProjectId, IReadOnlyList<FieldGroup> Groups, long Version);

/// <summary>Values to set or clear, together.</summary>
/// <param name="Values">
/// A field's name or id → its value, as people write it; null clears. Numbers may be JSON numbers, or text with a unit that converts: "0.2 µm". Dates are 2026-03-14. A person is
/// a name, alias, ORCID iD or id. A link is an address, <c>node:ID</c>, <c>file-set:ID</c>, <c>session:ID</c>, <c>sample:ID</c>, or the name of a sample of the project.
/// </param>
public sealed record FieldChanges(IReadOnlyDictionary<string, JsonElement> Values);

/// <summary>A value that an object has or had.</summary>
/// <param name="EndedAt">When another took its place, or it was cleared; null: it holds.</param>
public sealed record PastFieldValue(Guid Id, Guid FieldId, string FieldName, string? Unit, FieldValue Value, PrincipalName? EndedBy, DateTime? EndedAt);

/// <param name="Row">As a spreadsheet counts: the heading is row 1.</param>
/// <param name="Column">Heading of the column; empty where the row as a whole is meant.</param>
public sealed record TableProblem(int Row, string Column, string Problem);

/// <param name="From">Null: it had none.</param>
/// <param name="To">Null: it is cleared.</param>
public sealed record TableChange(Guid ObjectId, string Path, string Field, string? From, string? To);

/// <summary>What a table changes, or would.</summary>
/// <param name="Problems">All of them. Where there is one, nothing is changed.</param>
/// <param name="Changes">The first 200.</param>
/// <param name="ChangeCount">All of them.</param>
public sealed record TableReport(bool IsDryRun, int Rows, IReadOnlyList<TableProblem> Problems, IReadOnlyList<TableChange> Changes, int ChangeCount);
