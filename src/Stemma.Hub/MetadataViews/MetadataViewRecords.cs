using Stemma.Hub.Sharing;

namespace Stemma.Hub.MetadataViews;

/// <summary>Which acquisition terms of a project's files are shown first, and in which order.</summary>
/// <param name="Format">Stable id of the format whose files it is for; null for another reach.</param>
/// <param name="Instrument">The instrument, as files name it, whose files it is for; null for another reach. Where both are null, it is for all files.</param>
/// <param name="Terms">Names of the vocabulary, in order.</param>
/// <param name="Version">Its ETag.</param>
public sealed record MetadataView(
    Guid Id, Guid ProjectId, string? Format, string? Instrument, IReadOnlyList<string> Terms, PrincipalName ModifiedBy, DateTime ModifiedAt, long Version);

/// <param name="Format">For files of this format only.</param>
/// <param name="Instrument">For files of this instrument only. Not together with a format.</param>
public sealed record NewMetadataView(IReadOnlyList<string> Terms, string? Format = null, string? Instrument = null);

public sealed record MetadataViewTerms(IReadOnlyList<string> Terms);
