using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>Requests about many file sets, of which those are changed that may be; the others are told with the reason.</summary>
internal static class ManyFileSets
{
    /// <summary>Most sets of one request: it is one transaction, and others wait for it.</summary>
    public const int Most = 1000;

    /// <summary>Each named set once, in the order in which everybody locks.</summary>
    /// <exception cref="Problem">400: none, or too many.</exception>
    public static Guid[] Ids(IEnumerable<Guid> asked)
    {
        var ids = asked.Distinct().Order().ToArray();
        return ids.Length is 0 or > Most ? throw Problem.Invalid($"fileSets names 1 to {Most} file sets, but names {ids.Length} here.") : ids;
    }

    /// <summary>As <see cref="Ids"/>, of requests that ask something of each.</summary>
    /// <exception cref="Problem">400: one is named twice.</exception>
    public static Guid[] OnceEach(IReadOnlyList<Guid> asked)
    {
        var ids = Ids(asked);
        return ids.Length == asked.Count ? ids : throw Problem.Invalid($"fileSets names each file set once, but names {asked.CountBy(id => id).First(pair => pair.Value > 1).Key} twice.");
    }

    /// <summary>Locks sets and finds those that the actor may edit and that are as the caller saw them.</summary>
    /// <param name="refused">Gets the others.</param>
    public static async Task<List<FileSetRow>> EditableAsync(
        NpgsqlConnection connection, Actor actor, IReadOnlyDictionary<Guid, long?> versions, Guid[] ids, Refusals refused, CancellationToken cancellationToken)
    {
        var rows = (await FileSetAccess.FindAllAsync(connection, actor, ids, forUpdate: true, cancellationToken)).ToDictionary(row => row.Id);
        List<FileSetRow> editable = [];
        foreach (var id in ids)
        {
            if (!rows.TryGetValue(id, out var row))
                refused.Add(id, NodeAccess.Missing(actor, "such file set"));
            else if (!row.Capabilities.HasFlag(Capabilities.Edit))
                refused.Add(id, NodeAccess.Refused(Capabilities.Edit, row.Name));
            else if (versions[id] is { } version && version != row.Version)
                refused.Add(id, ETags.Stale());
            else
                editable.Add(row);
        }

        return editable;
    }
}
