using System.Text.RegularExpressions;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>People, who are not accounts: some left before the hub came, and instruments write them in their own way. Events name no data of theirs.</summary>
internal sealed partial class People(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private const string Columns = "id, name, case when @IsAdministrator then email end as email, orcid, aliases, left_on, version";

    private sealed record PersonRow
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string? Orcid { get; init; }
        public string[] Aliases { get; init; } = [];
        public DateOnly? LeftOn { get; init; }
        public long Version { get; init; }

        public Person ToPerson() => new(Id, Name, Email, Orcid, Aliases, LeftOn, Version);
    }

    public async Task<Page<Person>> ListAsync(Actor actor, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (name, id) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<PersonRow>($"""
            select {Columns} from people where @name::text is null or (name, id) > (@name::text, @id::uuid) order by name, id limit @Take
            """, new { actor.IsAdministrator, name, id, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToPerson())], take, person => KeysetByName.Key(person.Name, person.Id));
    }

    public async Task<Person> CreateAsync(Actor actor, NewPerson asked, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("insert into people (id, name, email, orcid, aliases) values (@id, @Name, @Email, @Orcid, @Aliases)", new
        {
            id, Name = Names.Check("name", asked.Name), Email = Names.CheckOptional("email", asked.Email), Orcid = CheckOrcid(asked.Orcid), Aliases = CheckAliases(asked.Aliases ?? []),
        }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("person.created", "person", id, []), cancellationToken);
        var person = await GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return person;
    }

    public async Task<Person> ChangeAsync(Actor actor, Guid id, PersonPatch patch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await connection.RowAsync<PersonRow>("select id, name, email, orcid, aliases, left_on, version from people where id = @id for update", new { id }, cancellationToken)
            ?? throw Problem.NotFound("such person");
        var after = before with
        {
            Name = patch.Has(nameof(patch.Name)) ? Names.Check("name", patch.Name) : before.Name,
            Email = patch.Has(nameof(patch.Email)) ? Names.CheckOptional("email", patch.Email) : before.Email,
            Orcid = patch.Has(nameof(patch.Orcid)) ? CheckOrcid(patch.Orcid) : before.Orcid,
            Aliases = patch.Has(nameof(patch.Aliases)) ? CheckAliases(patch.Aliases) : before.Aliases,
            LeftOn = patch.Has(nameof(patch.LeftOn)) ? patch.LeftOn : before.LeftOn,
        };
        List<string> changed = [];
        foreach (var (member, differs) in new[]
        {
            ("name", after.Name != before.Name), ("email", after.Email != before.Email), ("orcid", after.Orcid != before.Orcid),
            ("aliases", !after.Aliases.SequenceEqual(before.Aliases)), ("leftOn", after.LeftOn != before.LeftOn),
        })
            if (differs)
                changed.Add(member);
        if (changed.Count > 0)
        {
            await connection.RunAsync("""
                update people set name = @Name, email = @Email, orcid = @Orcid, aliases = @Aliases, left_on = @LeftOn::date, version = version + 1 where id = @Id
                """, new { after.Id, after.Name, after.Email, after.Orcid, after.Aliases, LeftOn = after.LeftOn?.ToString("yyyy-MM-dd") }, cancellationToken);
            if (after.Name != before.Name)
                await FieldWordsChanged.OfPersonAsync(connection, id, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("person.changed", "person", id,
                new System.Text.Json.Nodes.JsonObject { ["changed"] = EventText.Words(changed) }), cancellationToken);
        }

        var person = await GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return person;
    }

    private static async Task<Person> GetAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<PersonRow>($"select {Columns} from people where id = @id", new { id, actor.IsAdministrator }, cancellationToken))!.ToPerson();

    private static string? CheckOrcid(string? orcid) => string.IsNullOrWhiteSpace(orcid) ? null
        : OrcidPattern().IsMatch(orcid) ? orcid
        : throw Problem.Invalid($"An ORCID iD looks like 0000-0002-1825-0097, but this is \"{orcid}\".");

    private static string[] CheckAliases(IReadOnlyList<string> aliases) =>
        aliases.Count <= 100 ? [.. aliases.Select(alias => Names.Check("alias", alias ?? "")).Distinct()] : throw Problem.Invalid($"A person has at most 100 aliases, but these are {aliases.Count}.");

    [GeneratedRegex(@"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")]
    private static partial Regex OrcidPattern();
}
