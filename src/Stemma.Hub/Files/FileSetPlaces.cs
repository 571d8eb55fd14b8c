using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>Whether the paths of file sets are free in a dataset.</summary>
internal static class FileSetPlaces
{
    /// <summary>As many are named; that there are more is said.</summary>
    private const int MaxNamed = 5;

    private sealed record Clash(string What, string Name);

    /// <param name="ids">Sets that are to come into the dataset together.</param>
    /// <exception cref="Problem">409: another file or set has a place, or two of them want the same.</exception>
    public static async Task RequireFreeAsync(NpgsqlConnection connection, Guid[] ids, Guid dataset, string datasetName, CancellationToken cancellationToken)
    {
        var clashes = (await connection.RowsAsync<Clash>("""
            select 'taken' as what, f.path as name
            from files f join files other on other.dataset_id = @dataset and other.path = f.path and other.is_current and other.file_set_id <> all(@ids)
            where f.file_set_id = any(@ids)
            union
            select 'set', s.name
            from file_sets s join file_sets other on other.dataset_id = @dataset and other.grouping_key = s.grouping_key and other.trashed_at is null and other.id <> all(@ids)
            where s.id = any(@ids)
            union
            select 'twice', path from files where file_set_id = any(@ids) and is_current group by path having count(*) > 1
            union
            select 'alike', min(name) from file_sets where id = any(@ids) group by grouping_key having count(*) > 1
            order by name
            """, new { ids, dataset }, cancellationToken)).ToLookup(clash => clash.What, clash => clash.Name);
        if (clashes["taken"].ToList() is { Count: > 0 } taken)
            throw Problem.Conflict("path-taken", $"\"{datasetName}\" has {(taken.Count == 1 ? "a file" : "files")} {Named(taken)} already. Move or throw {(taken.Count == 1 ? "that" : "those")} away first.");
        if (clashes["twice"].ToList() is { Count: > 0 } twice)
            throw Problem.Conflict("path-taken", $"More than one of them has {Named(twice)}, and a dataset holds one file of a path. Rename some of them, or put them into different datasets.");
        if (clashes["set"].ToList() is { Count: > 0 } sets)
            throw Problem.Conflict("set-exists", $"\"{datasetName}\" has files already that are read together with those of {Named([.. sets.Select(Quoted)])}. Move or throw those away first.");
        if (clashes["alike"].ToList() is { Count: > 0 } alike)
            throw Problem.Conflict("set-exists", $"The files of {Named([.. alike.Select(Quoted)])} and of another one of them would be read together in one dataset. Put them into different datasets.");
    }

    private static string Quoted(string name) => $"\"{name}\"";

    private static string Named(List<string> names) =>
        string.Join(", ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "");
}
