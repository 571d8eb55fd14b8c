using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Keeps a move from shaking off what a place lays upon all that is in it: holds, keeping duties and embargoes.</summary>
internal static class MoveDuties
{
    private sealed record Duties
    {
        public string? Holder { get; init; }
        public bool HolderVisible { get; init; }
        public DateTime? RetainBefore { get; init; }
        public DateTime? RetainAfter { get; init; }
        public DateTime? EmbargoBefore { get; init; }
        public DateTime? EmbargoAfter { get; init; }
    }

    /// <param name="name">Of what moves.</param>
    /// <param name="ownRetain">Its own, which goes along.</param>
    /// <param name="ownEmbargo">Its own, which goes along and goes before any above.</param>
    /// <param name="source">The place it is in.</param>
    /// <param name="target">The place it is to be in.</param>
    /// <exception cref="Problem">409: something above holds it that would not after the move. 403: it would be bound less, and the actor does not manage both places.</exception>
    public static async Task CheckAsync(
        NpgsqlConnection connection, Actor actor, string name, DateTime? ownRetain, DateTime? ownEmbargo, NodeRow source, NodeRow target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var duties = (await connection.RowAsync<Duties>("""
            with recursive before as (
                select n.*, 0 as depth from nodes n where n.id = @Source
                union all
                select n.*, before.depth + 1 from before join nodes n on n.id = before.parent_id),
            after as (
                select n.*, 0 as depth from nodes n where n.id = @Target
                union all
                select n.*, after.depth + 1 from after join nodes n on n.id = after.parent_id),
            holder as (
                select name, capabilities_on(@Id, @Mask, scope_id) & 1 <> 0 as visible from before
                where legal_hold and id not in (select id from after) order by depth limit 1)
            select (select name from holder) as holder, coalesce((select visible from holder), false) as holder_visible,
                greatest((select max(retain_until) from before), @ownRetain::timestamptz) as retain_before,
                greatest((select max(retain_until) from after), @ownRetain::timestamptz) as retain_after,
                coalesce(@ownEmbargo::timestamptz, (select embargo_until from before where embargo_until is not null order by depth limit 1)) as embargo_before,
                coalesce(@ownEmbargo::timestamptz, (select embargo_until from after where embargo_until is not null order by depth limit 1)) as embargo_after
            """, new { Source = source.Id, Target = target.Id, actor.Id, actor.Mask, ownRetain, ownEmbargo }, cancellationToken))!;
        if (duties.Holder is { } holder)
            throw Problem.Conflict("legal-hold",
                $"\"{name}\" cannot be moved out of {(duties.HolderVisible ? $"\"{holder}\", which" : "a place above it that")} is under legal hold. Lift the hold first; whoever manages that place can.");
        if ((source.Capabilities & target.Capabilities).HasFlag(Capabilities.Manage))
            return;
        var what = Eases(duties.RetainBefore, duties.RetainAfter) ? $"must be kept until {duties.RetainBefore:yyyy-MM-dd}"
            : Eases(duties.EmbargoBefore, duties.EmbargoAfter) ? $"is under embargo until {duties.EmbargoBefore:yyyy-MM-dd}"
            : null;
        if (what is not null)
            throw new Problem(403, "move-changes-terms", "Not allowed",
                $"\"{name}\" {what} where it is, and would be bound less in \"{target.Name}\". Only who may manage both places may move it there.");

        bool Eases(DateTime? before, DateTime? after) => before > now.UtcDateTime && (after is null || after < before);
    }
}
