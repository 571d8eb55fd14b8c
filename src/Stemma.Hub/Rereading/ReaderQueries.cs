using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Rereading;

/// <summary>Which files were read by which readers, and which of them are out of date.</summary>
internal sealed class ReaderQueries(NpgsqlDataSource database)
{
    private sealed record UseRow(string Format, string? FormatName, string ReaderVersion, string MappingVersion, long Files);

    private sealed record ReaderRow(string Format, string Name, string ReaderVersion, string MappingVersion, DateTime ChangedAt);

    private sealed record GenerationRow(int Number, string SoftwareVersion, DateTime AnnouncedAt);

    public async Task<ReadersState> GetAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, cancellationToken);
    }

    /// <remarks>
    /// Every set has one extraction, so that counting the index <c>extractions_by_version</c> counts sets; what is in the trash is taken off. That costs what the index
    /// costs, and what lies in the trash.
    /// </remarks>
    public static async Task<ReadersState> GetAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var generation = await connection.RowAsync<GenerationRow>("select number, software_version, announced_at from reader_generations order by number desc limit 1", null, cancellationToken);
        var readers = await connection.RowsAsync<ReaderRow>("select format, name, reader_version, mapping_version, changed_at from readers order by name, format", null, cancellationToken);
        var uses = await connection.RowsAsync<UseRow>("""
            with gone as materialized (
                select s.extraction_id from file_sets s where s.trashed_at is not null and s.purged_at is null
                union all
                select s.extraction_id from nodes d join file_sets s on s.dataset_id = d.id where d.trashed_at is not null and d.purged_at is null and d.kind = 'dataset' and s.trashed_at is null),
            counted as (
                select format, reader_version, mapping_version, sum(files)::bigint as files from (
                    select format, reader_version, mapping_version, count(*) as files from extractions group by 1, 2, 3
                    union all
                    select e.format, e.reader_version, e.mapping_version, -count(*) from gone join extractions e on e.id = gone.extraction_id group by 1, 2, 3) c
                group by 1, 2, 3)
            select c.format, (select e.format_name from extractions e where e.format = c.format limit 1) as format_name, c.reader_version, c.mapping_version, c.files
            from counted c where c.files > 0 order by c.format, c.reader_version, c.mapping_version
            """, null, cancellationToken);
        var unread = await connection.RowAsync<UnreadFiles>("""
            select count(*) filter (where u.reading = 'no_reader') as no_reader, count(*) filter (where u.reading = 'failed') as failed,
                   count(*) filter (where s.extraction_id is null and coalesce(u.generation, 0) < @Number) as out_of_date
            from unread_file_sets u join file_sets s on s.id = u.file_set_id join nodes d on d.id = s.dataset_id
            where s.trashed_at is null and d.trashed_at is null
            """, new { Number = generation?.Number ?? 0 }, cancellationToken);
        var byFormat = uses.ToLookup(use => use.Format);
        var known = readers.Select(reader => reader.Format).ToHashSet(StringComparer.Ordinal);
        return new ReadersState(generation?.Number, generation?.SoftwareVersion, generation?.AnnouncedAt,
        [
            .. readers.Select(reader => Describe(byFormat[reader.Format], reader)),
            .. byFormat.Where(format => !known.Contains(format.Key)).Select(format => Describe(format, null)),
        ], unread!);
    }

    private static ReaderState Describe(IEnumerable<UseRow> uses, ReaderRow? reader)
    {
        var versions = uses.Select(use => new ReaderUse(use.ReaderVersion, use.MappingVersion, use.Files)).ToList();
        var outOfDate = reader is null ? 0 : versions.Where(use => (use.ReaderVersion, use.MappingVersion) != (reader.ReaderVersion, reader.MappingVersion)).Sum(use => use.Files);
        var (format, name) = reader is null ? (uses.First().Format, uses.First().FormatName!) : (reader.Format, reader.Name);
        return new ReaderState(format, name, reader?.ReaderVersion, reader?.MappingVersion, reader?.ChangedAt, versions.Sum(use => use.Files), outOfDate, versions);
    }
}
