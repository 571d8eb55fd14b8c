using System.Text.Json;

namespace Stemma.Client;

/// <summary>One page of what was found.</summary>
/// <param name="Total">Null where the hub did not count: then <paramref name="About"/> says about how many.</param>
/// <param name="Notice">What to know of this search, such as why it was slow.</param>
/// <param name="Query">The query in one way of writing.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Items, long? Total, long? About, string? Next, string? Notice, string Query);

/// <param name="Path">What the file lies in, as far as the caller sees; root first.</param>
/// <param name="Acquisition">Term → {value, unit, source}.</param>
/// <param name="Matches">Where words of the query stand.</param>
public sealed record SearchHit(FileSet File, IReadOnlyList<SearchPlace> Path, JsonElement? Acquisition, DateTimeOffset? AcquiredAt, string? Kind, IReadOnlyList<SearchMatch> Matches);

public sealed record SearchPlace(Guid Id, string Kind, string Name);

/// <param name="Ranges">Start and length of the words in the text, in UTF-16 units.</param>
public sealed record SearchMatch(string Field, string Label, string Text, IReadOnlyList<IReadOnlyList<int>> Ranges);

/// <param name="Kind">values, numbers, bins or moments.</param>
public sealed record SearchFacet(string Field, string Label, string Kind, string? Unit, IReadOnlyList<SearchFacetValue> Values, int More);

public sealed record SearchFacetValue(string Value, string Label, long Count, double? From, double? To, bool Selected);

public sealed record SearchFacets(long Total, IReadOnlyList<SearchFacet> Facets);
