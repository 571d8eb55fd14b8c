using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;

namespace Stemma.Hub.Projects;

/// <summary>Words that apply, and the ancestor they come from; null where they are the object's own, or the caller does not see that ancestor.</summary>
public sealed record EffectiveText(string Value, NodeName? InheritedFrom);

/// <summary>A date that applies, and the ancestor it comes from; null where it is the object's own, or the caller does not see that ancestor.</summary>
public sealed record EffectiveDate(DateTime Value, NodeName? InheritedFrom);

/// <summary>The terms that apply to a node, or to a file set in it.</summary>
/// <param name="Licence">The nearest.</param>
/// <param name="RightsHolder">The nearest.</param>
/// <param name="EmbargoUntil">The nearest.</param>
/// <param name="RetainUntil">The latest: a keeping duty above cannot be shortened below.</param>
/// <param name="LegalHold">A hold anywhere above holds everything beneath.</param>
/// <param name="LegalHoldFrom">The ancestor that is held; null where the object itself is, or nothing is, or the caller does not see it.</param>
public sealed record EffectiveTerms(
    EffectiveText? Licence, EffectiveText? RightsHolder, EffectiveDate? EmbargoUntil, EffectiveDate? RetainUntil, bool LegalHold, NodeName? LegalHoldFrom)
{
    private sealed record TermsRow
    {
        public Guid Id { get; init; }
        public NodeKind Kind { get; init; }
        public string Name { get; init; } = "";
        public string? Licence { get; init; }
        public string? RightsHolder { get; init; }
        public DateTime? EmbargoUntil { get; init; }
        public DateTime? RetainUntil { get; init; }
        public bool LegalHold { get; init; }
        public bool IsVisible { get; init; }
        public int Depth { get; init; }

        public NodeName? As(int own) => Depth == own || !IsVisible ? null : new NodeName(Id, Kind, Name);
    }

    /// <summary>Of a node that the actor sees. For a file set, put its own terms before these: <see cref="Over"/>.</summary>
    internal static Task<EffectiveTerms> OfNodeAsync(NpgsqlConnection connection, Actor actor, Guid nodeId, CancellationToken cancellationToken) =>
        ReadAsync(connection, actor, nodeId, own: 0, cancellationToken);

    /// <summary>Of the dataset, as a file set in it inherits them: all of it is inherited.</summary>
    internal static Task<EffectiveTerms> InDatasetAsync(NpgsqlConnection connection, Actor actor, Guid datasetId, CancellationToken cancellationToken) =>
        ReadAsync(connection, actor, datasetId, own: -1, cancellationToken);

    /// <summary>These terms beneath an object's own.</summary>
    public EffectiveTerms Over(string? licence, string? rightsHolder, DateTime? embargoUntil, DateTime? retainUntil, bool legalHold) => new(
        licence is null ? Licence : new EffectiveText(licence, null),
        rightsHolder is null ? RightsHolder : new EffectiveText(rightsHolder, null),
        embargoUntil is { } embargo ? new EffectiveDate(embargo, null) : EmbargoUntil,
        retainUntil is { } retain && (RetainUntil is null || retain >= RetainUntil.Value) ? new EffectiveDate(retain, null) : RetainUntil,
        legalHold || LegalHold,
        legalHold ? null : LegalHoldFrom);

    private static async Task<EffectiveTerms> ReadAsync(NpgsqlConnection connection, Actor actor, Guid nodeId, int own, CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync<TermsRow>("""
            with recursive up as (
                select n.*, 0 as depth from nodes n where n.id = @nodeId
                union all
                select n.*, up.depth + 1 from up join nodes n on n.id = up.parent_id)
            select id, kind, name, licence, rights_holder, embargo_until, retain_until, legal_hold, depth,
                   capabilities_on(@Id, @Mask, scope_id) & 1 <> 0 as is_visible
            from up order by depth
            """, new { nodeId, actor.Id, actor.Mask }, cancellationToken);
        var licence = rows.Find(row => row.Licence is not null);
        var holder = rows.Find(row => row.RightsHolder is not null);
        var embargo = rows.Find(row => row.EmbargoUntil is not null);
        var retain = rows.Where(row => row.RetainUntil is not null).MaxBy(row => row.RetainUntil);
        var hold = rows.Find(row => row.LegalHold);
        return new EffectiveTerms(
            licence is null ? null : new EffectiveText(licence.Licence!, licence.As(own)),
            holder is null ? null : new EffectiveText(holder.RightsHolder!, holder.As(own)),
            embargo is null ? null : new EffectiveDate(embargo.EmbargoUntil!.Value, embargo.As(own)),
            retain is null ? null : new EffectiveDate(retain.RetainUntil!.Value, retain.As(own)),
            hold is not null, hold?.As(own));
    }
}
