namespace Stemma.Hub.Projects;

/// <summary>Projects hold collections and datasets; collections nest; datasets are terminal and hold file sets; spaces show what is placed in them.</summary>
public enum NodeKind
{
    Project,
    Collection,
    Dataset,
    Space,
}

/// <summary>A node by name.</summary>
public sealed record NodeName(Guid Id, NodeKind Kind, string Name);

internal static class NodeKinds
{
    /// <summary>As the database writes it, and as events do.</summary>
    public static string Word(this NodeKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Projects and spaces, which have no parent.</summary>
    public static bool IsRoot(this NodeKind kind) => kind is NodeKind.Project or NodeKind.Space;
}
