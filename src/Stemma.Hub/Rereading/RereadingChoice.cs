namespace Stemma.Hub.Rereading;

/// <summary>Which file sets a batch reads again, in SQL: the same for counting them and for walking through them.</summary>
internal static class RereadingChoice
{
    public static readonly string[] Words = ["outdated", "unread", "all"];

    /// <summary>
    /// Ids of the chosen among <c>s</c>, a table of file sets. What waits to be read is none: the present readers read it anyhow. A set that was read is outdated where other
    /// versions read it, one that was not where it was tried by readers before the present ones.
    /// Parameters: @Choice, @Format.
    /// </summary>
    public static string Sql(string sets) => $"""
        select s.id from {sets} s
        join nodes d on d.id = s.dataset_id
        left join extractions e on e.id = s.extraction_id
        left join unread_file_sets u on u.file_set_id = s.id
        left join readers r on r.format = e.format
        where s.trashed_at is null and d.trashed_at is null and s.reading in ('read', 'no_reader', 'failed') and case @Choice
            when 'all' then @Format::text is null or e.format = @Format
            when 'unread' then u.file_set_id is not null
            else case when e.id is not null
                then r.format is not null and (e.reader_version, e.mapping_version) <> (r.reader_version, r.mapping_version) and (@Format::text is null or e.format = @Format)
                else @Format::text is null and u.file_set_id is not null and coalesce(u.generation, 0) < (select max(number) from reader_generations) end
            end
        """;

    /// <summary>Datasets at and below a node. Parameter: @NodeId.</summary>
    public const string Datasets = """
        with recursive down(id) as (select @NodeId::uuid union all select c.id from down join nodes c on c.parent_id = down.id)
        select id from down
        """;
}
