using Stemma.Hub.Projects;

namespace Stemma.Hub.Fields;

/// <summary>Words of the database and of events for what the wire has enums for.</summary>
internal static class FieldWords
{
    public static string Word(this FieldTarget target) => target == FieldTarget.FileSet ? "file-set" : target.ToString().ToLowerInvariant();

    public static FieldTarget Target(string word) => word == "file-set" ? FieldTarget.FileSet : Enum.Parse<FieldTarget>(word, ignoreCase: true);

    /// <summary>Null for spaces.</summary>
    public static FieldTarget? Target(NodeKind kind) => kind == NodeKind.Space ? null : Target(kind.Word());

    public static string Word(this FieldType type) => type.ToString().ToLowerInvariant();

    public static string Word(this LinkKind kind) => kind == LinkKind.FileSet ? "file-set" : kind.ToString().ToLowerInvariant();

    /// <summary>Null where it is the word of no kind.</summary>
    public static LinkKind? Link(string word) => word switch
    {
        "node" => LinkKind.Node,
        "file-set" => LinkKind.FileSet,
        "sample" => LinkKind.Sample,
        "session" => LinkKind.Session,
        "url" => LinkKind.Url,
        _ => null,
    };
}
