using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Facility;

/// <summary>Sittings at instruments. Who sat there is kept here and not in events: it can be erased.</summary>
internal sealed class Sessions(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private const string Columns = """
        s.id, s.instrument_id, s.name, s.started_at, s.ended_at, array(select p.person_id from session_people p where p.session_id = s.id order by 1) as person_ids, s.created_at, s.version
        """;

    private sealed record SessionRow
    {
        public Guid Id { get; init; }
        public Guid InstrumentId { get; init; }
        public string Name { get; init; } = "";
        public DateTime? StartedAt { get; init; }
        public DateTime? EndedAt { get; init; }
        public Guid[] PersonIds { get; init; } = [];
        public DateTime CreatedAt { get; init; }
        public long Version { get; init; }

        public Session ToSession() => new(Id, InstrumentId, Name, StartedAt, EndedAt, PersonIds, CreatedAt, Version);
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<Session>> ListAsync(Guid? instrument, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var before = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<SessionRow>($"""
            select {Columns} from sessions s
            where (@instrument::uuid is null or s.instrument_id = @instrument::uuid) and (@before::uuid is null or s.id < @before::uuid) order by s.id desc limit @Take
            """, new { instrument, before, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToSession())], take, session => session.Id.ToString());
    }

    public async Task<Session> CreateAsync(Actor actor, NewSession asked, CancellationToken cancellationToken)
    {
        var row = CheckTimes(new SessionRow
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()), InstrumentId = asked.InstrumentId, Name = Names.CheckOptional("name", asked.Name) ?? "",
            StartedAt = asked.StartedAt?.UtcDateTime, EndedAt = asked.EndedAt?.UtcDateTime, PersonIds = [.. (asked.PersonIds ?? []).Distinct()],
        });
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.RowAsync<bool>("select exists (select from instruments where id = @InstrumentId)", new { row.InstrumentId }, cancellationToken))
            throw Problem.NotFound("such instrument");
        await connection.RunAsync("insert into sessions (id, instrument_id, name, started_at, ended_at) values (@Id, @InstrumentId, @Name, @StartedAt, @EndedAt)", row, cancellationToken);
        await SetPeopleAsync(connection, row, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("session.created", "session", row.Id, Describe(row), row.InstrumentId), cancellationToken);
        var made = await GetAsync(connection, row.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    public async Task<Session> ChangeAsync(Actor actor, Guid id, SessionPatch patch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("select 1 from sessions where id = @id for update", new { id }, cancellationToken);
        var before = await connection.RowAsync<SessionRow>($"select {Columns} from sessions s where id = @id", new { id }, cancellationToken) ?? throw Problem.NotFound("such session");
        var after = CheckTimes(before with
        {
            Name = patch.Has(nameof(patch.Name)) ? Names.CheckOptional("name", patch.Name) ?? "" : before.Name,
            StartedAt = patch.Has(nameof(patch.StartedAt)) ? patch.StartedAt?.UtcDateTime : before.StartedAt,
            EndedAt = patch.Has(nameof(patch.EndedAt)) ? patch.EndedAt?.UtcDateTime : before.EndedAt,
            PersonIds = patch.Has(nameof(patch.PersonIds)) ? [.. patch.PersonIds.Distinct()] : before.PersonIds,
        });
        var (was, becomes) = (Describe(before), Describe(after));
        var peopleChange = !after.PersonIds.ToHashSet().SetEquals(before.PersonIds);
        if (peopleChange || !JsonNode.DeepEquals(was, becomes))
        {
            await connection.RunAsync("update sessions set name = @Name, started_at = @StartedAt, ended_at = @EndedAt, version = version + 1 where id = @Id", after, cancellationToken);
            await SetPeopleAsync(connection, after, cancellationToken);
            becomes["before"] = was;
            becomes["peopleChanged"] = peopleChange;
            await events.WriteAsync(connection, actor, new Happening("session.changed", "session", id, becomes, after.InstrumentId), cancellationToken);
        }

        var changed = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task<Session> GetAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<SessionRow>($"select {Columns} from sessions s where s.id = @id", new { id }, cancellationToken))!.ToSession();

    private static async Task SetPeopleAsync(NpgsqlConnection connection, SessionRow row, CancellationToken cancellationToken)
    {
        await connection.RunAsync("delete from session_people where session_id = @Id", new { row.Id }, cancellationToken);
        var known = await connection.RunAsync("insert into session_people (session_id, person_id) select @Id, p.id from people p where p.id = any (@PersonIds)",
            new { row.Id, row.PersonIds }, cancellationToken);
        if (known != row.PersonIds.Length)
            throw Problem.NotFound("such person");
    }

    private static JsonObject Describe(SessionRow row) => new()
    {
        ["name"] = row.Name, ["instrument"] = row.InstrumentId.ToString(), ["startedAt"] = EventText.Time(row.StartedAt), ["endedAt"] = EventText.Time(row.EndedAt),
    };

    private static SessionRow CheckTimes(SessionRow row) => row.EndedAt < row.StartedAt
        ? throw Problem.Invalid($"A session ends after it starts, but this one starts at {row.StartedAt:O} and ends at {row.EndedAt:O}.")
        : row;
}
