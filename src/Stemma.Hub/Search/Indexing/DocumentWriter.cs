using Npgsql;
using NpgsqlTypes;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;

namespace Stemma.Hub.Search.Indexing;

/// <summary>Writes documents into the index, in place of those that were there.</summary>
internal sealed class DocumentWriter(Numbering numbering)
{
    /// <summary>Every file counts once under this code: how many files a dataset has.</summary>
    public const int AnyFile = 0;

    /// <summary>Columns that are codes of values.</summary>
    private static readonly SearchField[] Values = [.. SearchFields.Values];
    private static readonly SearchField[] Numbers = [.. SearchFields.Numbers];

    private static readonly string CopyDocuments = $"""
        copy search_documents (number, file_set_id, dataset, added_by, added_at, acquired_at, newest, size, name, tags, words, {string.Join(", ", Values.Concat(Numbers).Select(field => field.Column))}) from stdin (format binary)
        """;

    /// <summary>Within a transaction of which there is one at a time.</summary>
    /// <param name="ids">All that changed; those without a document are not to be found any more.</param>
    public async Task WriteAsync(NpgsqlConnection connection, Guid[] ids, IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        var codes = await numbering.ValuesAsync(connection, documents.SelectMany(document =>
            document.Values.Select(value => (value.Key, value.Value)).Concat(document.Tags.Select(tag => (SearchFields.Tag, tag)))), cancellationToken);
        var keys = await numbering.KeysAsync(connection, documents.SelectMany(document => document.Original.Select(found => found.Path)), cancellationToken);
        await RemoveAsync(connection, ids, cancellationToken);
        if (documents.Count == 0)
            return;
        var first = (await connection.RowAsync<int>("""
            select setval(pg_get_serial_sequence('search_documents', 'number'), nextval(pg_get_serial_sequence('search_documents', 'number')) + @Count) - @Count
            """, new { documents.Count }, cancellationToken));
        await numbering.AddWordsAsync(connection, documents.SelectMany(document => document.Words.Words), cancellationToken);
        await CopyDocumentsAsync(connection, documents, first, codes, keys, cancellationToken);
        await CopyNumbersAsync(connection, documents, first, keys, cancellationToken);
        await CountAsync(connection, documents.SelectMany(document => CodesOf(document, codes).Select(code => (document.Set.Dataset, code))), cancellationToken);
        var known = documents.Where(document => document.Set.Project is not null)
            .SelectMany(document => document.Original.Select(found => (Project: document.Set.Project!.Value, Key: keys[found.Path]))).Distinct().ToList();
        await connection.RunAsync("insert into search_project_keys (project, key) select * from unnest(@projects, @keys) on conflict do nothing",
            new { projects = known.ConvertAll(pair => pair.Project), keys = known.ConvertAll(pair => pair.Key) }, cancellationToken);
    }

    private static IEnumerable<int> CodesOf(Document document, IReadOnlyDictionary<(string, string), int> codes) =>
        document.Values.Select(value => codes[(value.Key, Folding.FoldValue(value.Value))]).Concat(TagCodes(document, codes)).Append(AnyFile);

    private static int[] TagCodes(Document document, IReadOnlyDictionary<(string, string), int> codes) =>
        [.. document.Tags.Select(tag => codes[(SearchFields.Tag, Folding.FoldValue(tag))]).Distinct()];

    private static async Task RemoveAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken) =>
        await connection.RunAsync($"""
            with gone as (delete from search_documents where file_set_id = any (@ids) returning number, dataset, tags, {string.Join(", ", Values.Select(field => field.Column))}),
            numbers as (delete from search_numbers where number in (select number from gone)),
            fewer as (
                select dataset, code, count(*)::integer as count
                from gone cross join lateral unnest(array[{AnyFile}, {string.Join(", ", Values.Select(field => field.Column))}] || tags) as code where code is not null group by 1, 2),
            counted as (update search_dataset_values v set count = v.count - f.count from fewer f where v.dataset = f.dataset and v.code = f.code),
            totals as (update search_values v set count = v.count - f.count from (select code, sum(count) as count from fewer group by code) f where v.code = f.code)
            select 1
            """, new { ids }, cancellationToken);

    private static async Task CountAsync(NpgsqlConnection connection, IEnumerable<(int Dataset, int Code)> found, CancellationToken cancellationToken)
    {
        var counts = found.CountBy(pair => pair).ToList();
        await connection.RunAsync("""
            with added as (
                insert into search_dataset_values as v (dataset, code, count) select * from unnest(@datasets, @codes, @counts)
                on conflict (dataset, code) do update set count = v.count + excluded.count)
            update search_values v set count = v.count + f.count from (select code, sum(count) as count from unnest(@codes, @counts) as f(code, count) group by code) f where v.code = f.code
            """, new { datasets = counts.ConvertAll(pair => pair.Key.Dataset), codes = counts.ConvertAll(pair => pair.Key.Code), counts = counts.ConvertAll(pair => pair.Value) }, cancellationToken);
    }

    private static async Task CopyDocumentsAsync(
        NpgsqlConnection connection, IReadOnlyList<Document> documents, int first, IReadOnlyDictionary<(string, string), int> codes, IReadOnlyDictionary<string, int> keys, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyDocuments, cancellationToken);
        foreach (var (place, document) in documents.Index())
        {
            var set = document.Set;
            foreach (var (path, value, _) in document.Original)
                document.Words.AddExact($"o{keys[path]}={value}");
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(first + place, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(set.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(set.Dataset, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(set.AddedBy, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(set.AddedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await WriteAsync(copy, document.AcquiredAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(document.AcquiredAt ?? set.AddedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(set.Size, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(set.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(TagCodes(document, codes), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(document.Words.ToBytes(), NpgsqlDbType.Bytea, cancellationToken);
            foreach (var field in Values)
                await WriteAsync(copy, document.Values.TryGetValue(field.Name, out var value) ? codes[(field.Name, Folding.FoldValue(value))] : (int?)null, NpgsqlDbType.Integer, cancellationToken);
            foreach (var field in Numbers)
                await WriteAsync(copy, document.Numbers.TryGetValue(field.Name, out var number) ? number : (double?)null, NpgsqlDbType.Double, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyNumbersAsync(
        NpgsqlConnection connection, IReadOnlyList<Document> documents, int first, IReadOnlyDictionary<string, int> keys, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy search_numbers (number, keys, vals) from stdin (format binary)", cancellationToken);
        foreach (var (place, document) in documents.Index())
        {
            var numbers = document.Original.Where(found => found.Number is not null).ToList();
            if (numbers.Count == 0)
                continue;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(first + place, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(numbers.ConvertAll(found => keys[found.Path]).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(numbers.ConvertAll(found => found.Number!.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken) where T : struct =>
        value is { } known ? copy.WriteAsync(known, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);
}
