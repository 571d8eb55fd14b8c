using System.Text.Json;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Sidecars;

/// <summary>A node that a file lies in, as its text names it.</summary>
internal sealed record SidecarNode
{
    public Guid Id { get; init; }
    public NodeKind Kind { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public string[] Tags { get; init; } = [];
}

/// <summary>All that the text of a file set says, as far as its reader may see it.</summary>
/// <param name="MainFile">Path in its dataset of the file beside which the text stands.</param>
/// <param name="Page">Address of the page of the file set.</param>
/// <param name="Above">What it lies in, root first.</param>
/// <param name="Owners">Of the project; empty where the reader may not know.</param>
/// <param name="Fields">Field and value, in the order of the project's templates.</param>
/// <param name="Sessions">Name of the sitting, its instrument, and who sat there.</param>
/// <param name="Marks">Labels and tags of what was marked in its images.</param>
internal sealed record SidecarFacts(
    FileSetDetail Set, string MainFile, string Page, IReadOnlyList<SidecarNode> Above, IReadOnlyList<string> Owners, IReadOnlyList<(string Name, string Value)> Fields,
    IReadOnlyList<string> Samples, IReadOnlyList<string> Sessions, IReadOnlyList<string> Marks, JsonElement? Original);
