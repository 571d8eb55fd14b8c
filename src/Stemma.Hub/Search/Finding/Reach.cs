using System.Collections.Frozen;

namespace Stemma.Hub.Search.Finding;

/// <summary>The datasets that an actor sees now, by their numbers. A search names them; the index itself knows nothing of access.</summary>
/// <param name="Datasets">Seen.</param>
/// <param name="Roots">The topmost node above each of these that is seen, by its number: a project, or what is shared out of one that is hidden.</param>
/// <param name="Hidden">Those that are not, and those in the trash.</param>
/// <param name="SeesAll">An administrator.</param>
/// <param name="Scopes">Where the actor sees; empty for whoever sees all.</param>
/// <param name="Projects">To which the seen datasets belong, by their numbers, whether these are seen themselves or not.</param>
/// <param name="Tree">Of everybody.</param>
internal sealed record Reach(int[] Datasets, int[] Roots, int[] Hidden, bool SeesAll, Guid[] Scopes, int[] Projects, Tree Tree)
{
    /// <summary>Up to this many the index on the dataset may be of use; beyond, planning with the list would cost more than it brings.</summary>
    private const int Few = 200;

    /// <summary>SQL of a common table expression of those scopes; <c>@Scopes</c> is their list. Unnested, so that planning does not look at each.</summary>
    public const string Mine = "mine as materialized (select unnest(@Scopes::uuid[]) as scope_id)";

    private readonly FrozenSet<Guid> _scopes = Scopes.ToFrozenSet();
    private readonly Dictionary<int, int> _roots = Datasets.Zip(Roots).ToDictionary(pair => pair.First, pair => pair.Second);

    public bool IsEmpty => Datasets.Length == 0;

    /// <summary>How much of all is seen, between 0 and 1.</summary>
    public double Share => (double)Datasets.Length / Math.Max(1, Datasets.Length + Hidden.Length);

    /// <summary>SQL: the actor sees a scope. It stands below <see cref="Mine"/>.</summary>
    /// <param name="scope">A column.</param>
    public string Sees(string scope) => SeesAll ? "true" : $"{scope} in (select scope_id from mine)";

    /// <summary>Of a dataset; null: it is not seen.</summary>
    public int? RootOf(int dataset) => _roots.TryGetValue(dataset, out var root) ? root : null;

    /// <summary>Datasets in what has these numbers, as far as that is seen itself.</summary>
    public int[] DatasetsIn(IEnumerable<int> numbers) => Tree.DatasetsIn(numbers, Sees);

    public bool Sees(Guid scope) => SeesAll || _scopes.Contains(scope);

    /// <summary>A row d lies where the actor sees it. The shorter list is named.</summary>
    public Condition ToCondition() => this switch
    {
        { IsEmpty: true } => Condition.False,
        { Hidden.Length: 0 } => Condition.True,
        _ when Hidden.Length < Datasets.Length => new Condition.Sql("d.dataset + 0 <> all ({0})", Hidden),
        // As a choice, for the reason that Condition.ToSql gives.
        { Datasets.Length: <= Few } => new Condition.Sql("(d.dataset = -1 or d.dataset = any ({0}))", Datasets),
        _ => new Condition.Sql("d.dataset + 0 = any ({0})", Datasets),
    };
}
