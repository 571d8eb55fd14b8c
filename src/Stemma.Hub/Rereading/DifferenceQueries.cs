using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Rereading;

/// <summary>What came out differently: of a batch by key and by file, and of one file.</summary>
internal sealed class DifferenceQueries(NpgsqlDataSource database)
{
    private static readonly string[] Outcomes = ["changed", "newly_read", "failed", "unreadable"];

    private sealed record KeyRow
    {
        public string Key { get; init; } = "";
        public string Change { get; init; } = "";
        public long Files { get; init; }
        public Guid FileSetId { get; init; }
        public string FileName { get; init; } = "";
        public string? Before { get; init; }
        public string? After { get; init; }
    }

    private sealed record FileRow
    {
        public Guid Id { get; init; }
        public Guid? RereadingId { get; init; }
        public Guid FileSetId { get; init; }
        public string Name { get; init; } = "";
        public Guid DatasetId { get; init; }
        public string DatasetName { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string? Note { get; init; }
        public string? Before { get; init; }
        public string? After { get; init; }
        public string Changes { get; init; } = "[]";
        public int ChangeCount { get; init; }
        public DateTime At { get; init; }

        public IReadOnlyList<ReadingChange> AllChanges => Of<List<ReadingChange>>(Changes)!;

        public RereadFile ToFile(string? key) => new(FileSetId, Name, DatasetId, DatasetName, Outcome, Note, Of<ReaderMark>(Before), Of<ReaderMark>(After),
            key is null ? null : [.. AllChanges.Where(change => change.Key == key)], ChangeCount, At);

        public FileRereading ToRereading() => new(Id, RereadingId, Outcome, Note, Of<ReaderMark>(Before), Of<ReaderMark>(After), AllChanges, ChangeCount, At);
    }

    /// <summary>Keys of a batch, those of most files first.</summary>
    public async Task<Page<KeyDifference>> KeysAsync(Guid rereading, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = Cursor.Decode(cursor)?.Split('\n', 3);
        if (after is not null && (after.Length != 3 || !long.TryParse(after[0], out _)))
            throw Cursor.Unknown();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Rereadings.GetAsync(connection, rereading, cancellationToken);
        var rows = await connection.RowsAsync<KeyRow>("""
            select k.key, k.change, k.files, k.file_set_id, coalesce(s.name, '') as file_name, k.before, k.after
            from rereading_keys k left join file_sets s on s.id = k.file_set_id
            where k.rereading_id = @rereading and (@Files::bigint is null or (-k.files, k.key, k.change) > (-@Files, @Key, @Change))
            order by -k.files, k.key, k.change limit @Take
            """, new { rereading, Files = after is null ? (long?)null : long.Parse(after[0], System.Globalization.CultureInfo.InvariantCulture), Key = after?[2], Change = after?[1], Take = take + 1 }, cancellationToken);
        return Page.From(rows.ConvertAll(row => new KeyDifference(row.Key, row.Change, row.Files, row.FileSetId, row.FileName, row.Before, row.After)), take, row => $"{row.Files}\n{row.Change}\n{row.Key}");
    }

    /// <summary>Files of a batch that did not come out the same.</summary>
    /// <param name="outcome">Only those; null: all.</param>
    /// <param name="key">Only those in which this key came out differently; null: all.</param>
    public async Task<Page<RereadFile>> FilesAsync(Guid rereading, string? outcome, string? key, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (outcome is not null && !Outcomes.Contains(outcome))
            throw Problem.Invalid($"outcome must be one of {string.Join(", ", Outcomes)}, but is \"{outcome}\".");
        var take = Cursor.Limit(limit);
        var after = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Rereadings.GetAsync(connection, rereading, cancellationToken);
        var rows = await connection.RowsAsync<FileRow>($"""
            select f.file_set_id, s.name, s.dataset_id, d.name as dataset_name, f.outcome, f.note, f.before::text as before, f.after::text as after, f.changes::text as changes, f.change_count, f.at
            from rereading_files f join file_sets s on s.id = f.file_set_id join nodes d on d.id = s.dataset_id
            where f.rereading_id = @rereading and f.is_counted {(outcome is null ? "" : "and f.outcome = @outcome")} {(key is null ? "" : "and f.keys <> '{}' and f.keys @> array[@key]")}
              and (@after::uuid is null or f.file_set_id > @after)
            order by f.file_set_id limit @Take
            """, new { rereading, outcome, key, after, Take = take + 1 }, cancellationToken);
        return Page.From(rows.ConvertAll(row => row.ToFile(key)), take, file => file.FileSetId.ToString());
    }

    /// <summary>How often a file set came out differently, or not at all, when it was read again; newest first.</summary>
    public async Task<Page<FileRereading>> OfFileSetAsync(Actor actor, Guid set, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = Cursor.Decode(cursor);
        if (after is not null && !DateTime.TryParse(after, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind, out _))
            throw Cursor.Unknown();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var rows = await connection.RowsAsync<FileRow>("""
            select f.id, f.rereading_id, f.outcome, f.note, f.before::text as before, f.after::text as after, f.changes::text as changes, f.change_count, f.at
            from rereading_files f
            where f.file_set_id = @set and f.outcome in ('changed', 'newly_read', 'failed', 'unreadable') and (@after::timestamptz is null or f.at < @after::timestamptz)
            order by f.at desc limit @Take
            """, new { set, after, Take = take + 1 }, cancellationToken);
        return Page.From(rows.ConvertAll(row => row.ToRereading()), take, row => row.At.ToString("O"));
    }

    private static T? Of<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, WireJson.Options);
}
