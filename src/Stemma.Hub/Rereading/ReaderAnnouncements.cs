using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Rereading;

/// <summary>
/// Learns which readers there are from the workers. Of workers with different readers the newest counts: that of the higher software version, and among equal ones
/// (a program under development) that which lowers and lacks nothing. What an older worker announces changes nothing, and it gets nothing to read again:
/// so nothing is ever read backwards, whichever worker starts last.
/// </summary>
internal sealed class ReaderAnnouncements(NpgsqlDataSource database, EventWriter events, Rereadings rereadings, HubOptions options)
{
    private const int MaxReaders = 1000;
    private const long Lock = 0x7265_6164_6572; // "reader"

    private enum Age { Older, Same, Newer }

    private sealed record Generation(int Number, string SoftwareVersion);

    /// <exception cref="Problem">400: no readers, too many, or one of them twice.</exception>
    public async Task<ReadersAnswer> AnnounceAsync(Actor worker, ReadersAnnouncement asked, CancellationToken cancellationToken)
    {
        var announced = Check(asked);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("select pg_advisory_xact_lock(@Lock)", new { Lock }, cancellationToken);
        var known = await connection.RowAsync<Generation>("select number, software_version from reader_generations order by number desc limit 1", null, cancellationToken);
        var before = (await connection.RowsAsync<AnnouncedReader>("select format, name, reader_version, mapping_version from readers", null, cancellationToken)).ToDictionary(reader => reader.Format);
        var age = known is null ? Age.Newer : Compare(announced, before, VersionOrder.Instance.Compare(announced.SoftwareVersion, known.SoftwareVersion));
        var generation = known?.Number;
        if (age == Age.Newer)
            generation = await TakeOverAsync(connection, worker, announced, before, cancellationToken);
        else if (age == Age.Same)
            await connection.RunAsync("update reader_generations set software_version = @SoftwareVersion where number = @Number and software_version <> @SoftwareVersion",
                new { known!.Number, SoftwareVersion = VersionOrder.Instance.Compare(announced.SoftwareVersion, known.SoftwareVersion) > 0 ? announced.SoftwareVersion : known.SoftwareVersion }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ReadersAnswer(age == Age.Older ? null : generation);
    }

    private async Task<int> TakeOverAsync(NpgsqlConnection connection, Actor worker, ReadersAnnouncement announced, Dictionary<string, AnnouncedReader> before, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var number = await connection.RowAsync<int>("insert into reader_generations (id, software_version, worker) values (@id, @SoftwareVersion, @Worker) returning number",
            new { id, announced.SoftwareVersion, announced.Worker }, cancellationToken);
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("delete from readers where format <> all ($1)", (object)Of(reader => reader.Format)); // One parameter, and not one for each.
            batch.Add("""
                insert into readers (format, name, reader_version, mapping_version) select * from unnest($1, $2, $3, $4)
                on conflict (format) do update set name = excluded.name, reader_version = excluded.reader_version, mapping_version = excluded.mapping_version,
                    changed_at = case when (readers.reader_version, readers.mapping_version) = (excluded.reader_version, excluded.mapping_version) then readers.changed_at else now() end
                """, Of(reader => reader.Format), Of(reader => reader.Name), Of(reader => reader.ReaderVersion), Of(reader => reader.MappingVersion));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await events.WriteAsync(connection, worker, new Happening("readers.announced", "readers", id, new JsonObject
        {
            ["generation"] = number, ["softwareVersion"] = announced.SoftwareVersion, ["worker"] = announced.Worker,
            ["readers"] = new JsonArray([.. announced.Readers.Where(reader => !Equals(reader, before.GetValueOrDefault(reader.Format))).Select(reader => (JsonNode)new JsonObject
            {
                ["format"] = reader.Format, ["from"] = Versions(before.GetValueOrDefault(reader.Format)), ["to"] = Versions(reader),
            })]),
        }), cancellationToken);
        if (options.RereadAfterUpgrade)
            await rereadings.StartAfterUpgradeAsync(connection, cancellationToken);
        return number;

        string[] Of(Func<AnnouncedReader, string> value) => [.. announced.Readers.Select(value)];
    }

    private static JsonObject? Versions(AnnouncedReader? reader) => reader is null ? null : new JsonObject { ["reader"] = reader.ReaderVersion, ["mapping"] = reader.MappingVersion };

    private static Age Compare(ReadersAnnouncement announced, Dictionary<string, AnnouncedReader> before, int softwareOrder)
    {
        var orders = announced.Readers.Select(reader => before.TryGetValue(reader.Format, out var known) ? Order(reader, known) : 1).ToList();
        var lacks = before.Keys.Except(announced.Readers.Select(reader => reader.Format)).Any();
        if (!lacks && orders.TrueForAll(order => order == 0))
            return Age.Same;
        return softwareOrder switch
        {
            > 0 => Age.Newer,
            < 0 => Age.Older,
            _ => lacks || orders.Exists(order => order < 0) ? Age.Older : Age.Newer,
        };
    }

    private static int Order(AnnouncedReader reader, AnnouncedReader known) => VersionOrder.Instance.Compare(reader.ReaderVersion, known.ReaderVersion) is not 0 and var order
        ? order : VersionOrder.Instance.Compare(reader.MappingVersion, known.MappingVersion);

    private static ReadersAnnouncement Check(ReadersAnnouncement asked)
    {
        if (asked.Readers.Count is < 1 or > MaxReaders)
            throw Problem.Invalid($"readers must have 1 to {MaxReaders} members, but has {asked.Readers.Count}.");
        if (asked.Readers.GroupBy(reader => reader.Format).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Problem.Invalid($"Every format has one reader, but \"{twice.Key}\" has {twice.Count()} here.");
        return new ReadersAnnouncement(Names.Check("worker", asked.Worker), Names.Check("softwareVersion", asked.SoftwareVersion),
        [
            .. asked.Readers.Select(reader => new AnnouncedReader(Names.Check("format", reader.Format), Names.Check("name", reader.Name),
                Names.Check("readerVersion", reader.ReaderVersion), Names.Check("mappingVersion", reader.MappingVersion))),
        ]);
    }
}
