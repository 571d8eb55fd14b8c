using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Facility;

internal sealed class Instruments(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private const int MaxListed = 1000;
    private const string Columns = "id, name, identifier, manufacturer, model, aliases, detectors::text as detectors, created_at, version";

    private sealed record InstrumentRow
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Identifier { get; init; }
        public string? Manufacturer { get; init; }
        public string? Model { get; init; }
        public string[] Aliases { get; init; } = [];
        public string Detectors { get; init; } = "[]";
        public DateTime CreatedAt { get; init; }
        public long Version { get; init; }

        public Instrument ToInstrument() => new(Id, Name, Identifier, Manufacturer, Model, Aliases, JsonSerializer.Deserialize<Detector[]>(Detectors, WireJson.Options)!, CreatedAt, Version);
    }

    public async Task<Page<Instrument>> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (name, id) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<InstrumentRow>($"""
            select {Columns} from instruments where @name::text is null or (name, id) > (@name::text, @id::uuid) order by name, id limit @Take
            """, new { name, id, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToInstrument())], take, instrument => KeysetByName.Key(instrument.Name, instrument.Id));
    }

    public async Task<Instrument> CreateAsync(Actor actor, NewInstrument asked, CancellationToken cancellationToken)
    {
        var row = new InstrumentRow
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = Names.Check("name", asked.Name), Identifier = Names.CheckOptional("identifier", asked.Identifier),
            Manufacturer = Names.CheckOptional("manufacturer", asked.Manufacturer), Model = Names.CheckOptional("model", asked.Model),
            Aliases = CheckAliases(asked.Aliases ?? []), Detectors = CheckDetectors(asked.Detectors ?? []),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("""
            insert into instruments (id, name, identifier, manufacturer, model, aliases, detectors) values (@Id, @Name, @Identifier, @Manufacturer, @Model, @Aliases, @Detectors::jsonb)
            """, row, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("instrument.created", "instrument", row.Id, Describe(row)), cancellationToken);
        var made = (await connection.RowAsync<InstrumentRow>($"select {Columns} from instruments where id = @Id", new { row.Id }, cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return made.ToInstrument();
    }

    public async Task<Instrument> ChangeAsync(Actor actor, Guid id, InstrumentPatch patch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await connection.RowAsync<InstrumentRow>($"select {Columns} from instruments where id = @id for update", new { id }, cancellationToken)
            ?? throw Problem.NotFound("such instrument");
        var after = before with
        {
            Name = patch.Has(nameof(patch.Name)) ? Names.Check("name", patch.Name) : before.Name,
            Identifier = patch.Has(nameof(patch.Identifier)) ? Names.CheckOptional("identifier", patch.Identifier) : before.Identifier,
            Manufacturer = patch.Has(nameof(patch.Manufacturer)) ? Names.CheckOptional("manufacturer", patch.Manufacturer) : before.Manufacturer,
            Model = patch.Has(nameof(patch.Model)) ? Names.CheckOptional("model", patch.Model) : before.Model,
            Aliases = patch.Has(nameof(patch.Aliases)) ? CheckAliases(patch.Aliases) : before.Aliases,
            Detectors = patch.Has(nameof(patch.Detectors)) ? CheckDetectors(patch.Detectors) : before.Detectors,
        };
        var (was, becomes) = (Describe(before), Describe(after));
        if (!JsonNode.DeepEquals(was, becomes))
        {
            await connection.RunAsync("""
                update instruments set name = @Name, identifier = @Identifier, manufacturer = @Manufacturer, model = @Model, aliases = @Aliases,
                    detectors = @Detectors::jsonb, version = version + 1
                where id = @Id
                """, after, cancellationToken);
            becomes["before"] = was;
            await events.WriteAsync(connection, actor, new Happening("instrument.changed", "instrument", id, becomes), cancellationToken);
        }

        var changed = (await connection.RowAsync<InstrumentRow>($"select {Columns} from instruments where id = @id", new { id }, cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return changed.ToInstrument();
    }

    private static JsonObject Describe(InstrumentRow row) => new()
    {
        ["name"] = row.Name, ["identifier"] = row.Identifier, ["manufacturer"] = row.Manufacturer, ["model"] = row.Model,
        ["aliases"] = EventText.Words(row.Aliases), ["detectors"] = JsonNode.Parse(row.Detectors),
    };

    private static string[] CheckAliases(IReadOnlyList<string> aliases) => aliases.Count <= MaxListed
        ? [.. aliases.Select(alias => Names.Check("alias", alias ?? "")).Distinct()]
        : throw Problem.Invalid($"An instrument has at most {MaxListed} aliases, but these are {aliases.Count}.");

    private static string CheckDetectors(IReadOnlyList<Detector> detectors) => detectors.Count <= MaxListed
        ? JsonSerializer.Serialize(detectors.Select(detector => new Detector(Names.Check("detector", detector.Name), Names.CheckOptional("kind", detector.Kind))), WireJson.Options)
        : throw Problem.Invalid($"An instrument has at most {MaxListed} detectors, but these are {detectors.Count}.");
}
