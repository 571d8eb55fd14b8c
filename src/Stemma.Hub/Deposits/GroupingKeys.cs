namespace Stemma.Hub.Deposits;

/// <summary>Grouping keys of several files as PostgreSQL takes them: one list, of which each file has a range (from 1, both ends included).</summary>
internal sealed class GroupingKeys
{
    public GroupingKeys(IEnumerable<FileSetGrouping> groupings)
    {
        List<string> all = [];
        List<int> from = [], to = [];
        foreach (var grouping in groupings)
        {
            from.Add(all.Count + 1);
            all.AddRange(grouping.Keys);
            to.Add(all.Count);
        }

        (All, From, To) = ([.. all], [.. from], [.. to]);
    }

    public string[] All { get; }

    public int[] From { get; }

    public int[] To { get; }
}
