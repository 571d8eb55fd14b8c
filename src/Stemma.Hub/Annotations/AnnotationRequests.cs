using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <inheritdoc cref="Annotation"/>
public sealed record NewAnnotation(
    AnnotationKind Kind, IReadOnlyList<double> Points, IReadOnlyDictionary<string, long>? Plane = null, string? Label = null, IReadOnlyList<string>? Tags = null, string? Note = null);

/// <summary>One or many.</summary>
public sealed record NewAnnotations(IReadOnlyList<NewAnnotation> Items);

/// <summary>Those that were made, in the order of the request.</summary>
public sealed record MadeAnnotations(IReadOnlyList<Annotation> Items);

/// <summary>What is left out stays. The kind never changes.</summary>
public sealed record AnnotationPatch : Patch
{
    public IReadOnlyList<double> Points { get; init => field = Given(value); } = [];
    public IReadOnlyDictionary<string, long>? Plane { get; init => field = Given(value); }
    public string Label { get; init => field = Given(value); } = "";
    public IReadOnlyList<string> Tags { get; init => field = Given(value); } = [];
    public string Note { get; init => field = Given(value); } = "";
}

public sealed record RemoveAnnotations(IReadOnlyList<Guid> Ids);

/// <param name="RemovalId">Puts them back.</param>
public sealed record RemovedAnnotations(Guid RemovalId, int Count);

public sealed record RestoreAnnotations(Guid RemovalId);

public sealed record RestoredAnnotations(int Count);
