using System.Text.Json;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Search;

/// <summary>One page of what was found.</summary>
/// <param name="Total">How many files there are in all; null where counting them would take longer than the page: the facets say it.</param>
/// <param name="About">Where <paramref name="Total"/> is null, about how many.</param>
/// <param name="Places">Projects, collections, datasets and spaces whose own words match; with the first page only.</param>
/// <param name="Next">Handed back as <c>?cursor=</c>; null at the end.</param>
/// <param name="Notice">What to know of this search, such as why it was slow.</param>
/// <param name="Query">The query in one way of writing.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Items, long? Total, long? About, IReadOnlyList<FoundPlace> Places, string? Next, string? Notice, string Query);

/// <summary>A file that was found.</summary>
/// <param name="Path">What it lies in, as far as the caller sees; root first.</param>
/// <param name="Acquisition">Term → {value, unit, source}.</param>
/// <param name="Matches">Where words of the query stand.</param>
public sealed record SearchHit(FileSet File, IReadOnlyList<NodeName> Path, JsonElement? Acquisition, DateTime? AcquiredAt, string? Kind, IReadOnlyList<SearchMatch> Matches);

/// <summary>Why a file was found.</summary>
/// <param name="Field">name, tag, a term, a place, or a key of the original metadata.</param>
/// <param name="Label">As a person reads it.</param>
/// <param name="Text">What stands there, cut where it is long.</param>
/// <param name="Ranges">Start and length of the words in it, in UTF-16 units.</param>
public sealed record SearchMatch(string Field, string Label, string Text, IReadOnlyList<int[]> Ranges);

public sealed record FoundPlace(Guid Id, NodeKind Kind, string Name, IReadOnlyList<NodeName> Path);

/// <summary>How hits are spread.</summary>
public sealed record SearchFacets(long Total, IReadOnlyList<Facet> Facets);

/// <param name="Field">As in a query.</param>
/// <param name="Kind">values, numbers or moments.</param>
/// <param name="Unit">Of numbers.</param>
/// <param name="Values">By count, largest first; or bins by their beginning.</param>
/// <param name="More">How many values there are beyond those.</param>
public sealed record Facet(string Field, string Label, string Kind, string? Unit, IReadOnlyList<FacetValue> Values, int More);

/// <param name="Value">As it is written in a query.</param>
/// <param name="From">Where a bin begins, in the unit; of moments: ISO 8601.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Selected">The query asks for it.</param>
public sealed record FacetValue(string Value, string Label, long Count, double? From, double? To, bool Selected);

/// <param name="Start">Where it replaces the query's text.</param>
/// <param name="End">Where that ends.</param>
/// <param name="Insert">What it is replaced by.</param>
/// <param name="Kind">field, value, key, place, file or word.</param>
public sealed record SearchSuggestion(string Kind, string Label, string? Detail, long? Count, string Insert, int Start, int End, Guid? Id);
