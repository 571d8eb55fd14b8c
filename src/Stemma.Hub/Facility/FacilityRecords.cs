using System.Text.Json;
using Stemma.Hub.Web;

namespace Stemma.Hub.Facility;

/// <summary>A detector of an instrument.</summary>
public sealed record Detector(string Name, string? Kind = null);

/// <param name="Aliases">As files name it.</param>
public sealed record Instrument(
    Guid Id, string Name, string? Identifier, string? Manufacturer, string? Model, IReadOnlyList<string> Aliases, IReadOnlyList<Detector> Detectors, DateTime CreatedAt, long Version);

public sealed record NewInstrument(
    string Name, string? Identifier = null, string? Manufacturer = null, string? Model = null, IReadOnlyList<string>? Aliases = null, IReadOnlyList<Detector>? Detectors = null);

/// <summary>What is left out stays; null clears.</summary>
public sealed record InstrumentPatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public string? Identifier { get; init => field = Given(value); }
    public string? Manufacturer { get; init => field = Given(value); }
    public string? Model { get; init => field = Given(value); }
    public IReadOnlyList<string> Aliases { get; init => field = Given(value); } = [];
    public IReadOnlyList<Detector> Detectors { get; init => field = Given(value); } = [];
}

/// <summary>One sitting at an instrument.</summary>
public sealed record Session(Guid Id, Guid InstrumentId, string Name, DateTime? StartedAt, DateTime? EndedAt, IReadOnlyList<Guid> PersonIds, DateTime CreatedAt, long Version);

public sealed record NewSession(
    Guid InstrumentId, string? Name = null, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, IReadOnlyList<Guid>? PersonIds = null);

/// <summary>What is left out stays; null clears.</summary>
public sealed record SessionPatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public DateTimeOffset? StartedAt { get; init => field = Given(value); }
    public DateTimeOffset? EndedAt { get; init => field = Given(value); }
    public IReadOnlyList<Guid> PersonIds { get; init => field = Given(value); } = [];
}

/// <summary>A sample. Whoever sees its project sees it.</summary>
/// <param name="Properties">Name to value, free.</param>
/// <param name="ParentIds">Samples that it was made from.</param>
public sealed record Sample(
    Guid Id, Guid ProjectId, string Name, string Description, JsonElement Properties, IReadOnlyList<Guid> ParentIds, DateTime CreatedAt, long Version);

public sealed record NewSample(Guid ProjectId, string Name, string? Description = null, JsonElement? Properties = null, IReadOnlyList<Guid>? ParentIds = null);

/// <summary>What is left out stays.</summary>
public sealed record SamplePatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public string Description { get; init => field = Given(value); } = "";
    public JsonElement Properties { get; init => field = Given(value); }
    public IReadOnlyList<Guid> ParentIds { get; init => field = Given(value); } = [];
}
