using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Web;

public enum Caller
{
    /// <summary>Anybody, signed in or not; what they see is decided by grants in the SQL.</summary>
    Anyone,
    SignedIn,
    Administrator,
    /// <summary>A token of scope <c>work</c>.</summary>
    Worker,
}

/// <summary>Who may call a route, and which capability its SQL asks for. Every route states it; a test walks them all.</summary>
/// <param name="Capability">What is needed on the node concerned; none where the route concerns no node.</param>
public sealed record RouteAccess(Caller Caller, Capabilities Capability = Capabilities.None);

/// <summary>Which event a changing route writes; or why none.</summary>
public sealed record RouteRecords(string? EventType, string? WhyNone);

/// <summary>The route concerns the account itself: a token needs scope manage for it, whatever the account may.</summary>
public sealed record RouteNeedsFullScope;

/// <summary>The body is a file: its size is bounded by the disk and <see cref="HubOptions.MaxFileBytes"/>, not by what JSON needs, and its sender may be slow (<see cref="PacedBodies"/>).</summary>
internal sealed class FileBody : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}

public static class RouteMetadata
{
    /// <summary>Largest body of a route that takes no file: nobody fills the hub's memory with a request.</summary>
    public const long MaxBodyBytes = 1 << 20;

    public static TBuilder TakesFile<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new FileBody());

    public static TBuilder WithFullScope<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteNeedsFullScope());

    public static TBuilder For<TBuilder>(this TBuilder builder, Caller caller, Capabilities capability = Capabilities.None)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RouteAccess(caller, capability));

    public static TBuilder Records<TBuilder>(this TBuilder builder, string eventType) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteRecords(eventType, null));

    public static TBuilder RecordsNothing<TBuilder>(this TBuilder builder, string because) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteRecords(null, because));
}
