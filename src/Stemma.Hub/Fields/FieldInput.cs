using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;

namespace Stemma.Hub.Fields;

/// <summary>What a person wrote, understood; or why it was not.</summary>
/// <param name="Content">Null for nothing, which clears.</param>
internal sealed record Understood(FieldContent? Content, string? Problem = null)
{
    public static Understood Not(string problem) => new(null, problem);
}

/// <summary>Understands values as people write them, in forms and in tables.</summary>
/// <param name="project">Whose samples can be named.</param>
internal sealed partial class FieldInput(NpgsqlConnection connection, Actor actor, Guid project)
{
    private const int MaxText = 10_000;
    private const int MaxAddress = 2000;

    // Tables name the same person and sample in every row.
    private readonly Dictionary<(FieldType, string), Understood> _found = [];

    public async Task<Understood> ReadAsync(Field field, string? written, CancellationToken cancellationToken)
    {
        var words = SqlText.Clean(written ?? "");
        if (string.IsNullOrWhiteSpace(words))
            return new Understood(null);
        if (words.Length > MaxText)
            return Understood.Not($"a value has at most {MaxText} characters, but this one has {words.Length}");
        switch (field.Type)
        {
            case FieldType.Number:
                return Number(field, words);
            case FieldType.Date:
                if (!DateOnly.TryParseExact(words.Trim(), "yyyy-MM-dd", out var date))
                    return Understood.Not($"expected a date such as 2026-03-14, but found {Quote(words)}");
                // The first and the last day there are go to PostgreSQL as minus and plus infinity, where no search for their years finds them.
                return date == DateOnly.MinValue || date == DateOnly.MaxValue
                    ? Understood.Not($"expected a date between 0001-01-02 and 9999-12-30, but found {Quote(words)}")
                    : new Understood(new FieldContent { Date = date });
            case FieldType.Choice:
                return field.Choices.FirstOrDefault(choice => string.Equals(choice, words.Trim(), StringComparison.OrdinalIgnoreCase)) is { } chosen
                    ? new Understood(new FieldContent { Text = chosen })
                    : Understood.Not($"expected one of {string.Join(", ", field.Choices)}, but found {Quote(words)}");
            case FieldType.Person or FieldType.Link:
                var key = (field.Type, words.Trim());
                if (!_found.TryGetValue(key, out var found))
                    _found[key] = found = field.Type == FieldType.Person ? await PersonAsync(key.Item2, cancellationToken) : await LinkAsync(key.Item2, cancellationToken);
                return found;
            default:
                return new Understood(new FieldContent { Text = words });
        }
    }

    private static Understood Number(Field field, string words)
    {
        var parts = NumberPattern().Match(words.Trim());
        if (!parts.Success || !double.TryParse(parts.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            return Understood.Not($"expected a number such as 0.2{(field.Unit is null ? "" : $" or 0.2 {field.Unit}")}, but found {Quote(words)}{(words.Contains(',', StringComparison.Ordinal) ? "; write a point, and no comma" : "")}");
        var symbol = parts.Groups["unit"].Value;
        if (field.Unit is null)
            return symbol.Length == 0
                ? new Understood(new FieldContent { Text = words.Trim(), Number = value, NumberSi = value })
                : Understood.Not($"expected a number without a unit, but found {Quote(words)}");
        // A unit that a field was given is known: FieldDefinitions sees to it.
        var unit = Units.Find(field.Unit)!;
        if ((symbol.Length == 0 ? unit : Units.Find(symbol)) is not { } written || written.Quantity != unit.Quantity)
            return Understood.Not($"expected a number in {field.Unit} or another unit of {unit.Quantity}, but found {Quote(words)}");
        return new Understood(new FieldContent { Text = words.Trim(), Number = unit.From(value, written), NumberSi = written.ToSi(value) });
    }

    private async Task<Understood> PersonAsync(string words, CancellationToken cancellationToken)
    {
        var ids = await connection.RowsAsync<Guid>("""
            select id from people
            where id = @id or lower(name) = lower(@words) or orcid = @words or exists (select from unnest(aliases) as alias where lower(alias) = lower(@words)) limit 2
            """, new { words, id = Guid.TryParse(words, out var id) ? id : Guid.Empty }, cancellationToken);
        return ids.Count switch
        {
            1 => new Understood(new FieldContent { PersonId = ids[0] }),
            0 => Understood.Not($"nobody is known by the name, alias, ORCID iD or id {Quote(words)}; expected somebody among the people of this hub"),
            _ => Understood.Not($"several people are called {Quote(words)}; write the ORCID iD or the id of the one meant"),
        };
    }

    private async Task<Understood> LinkAsync(string words, CancellationToken cancellationToken)
    {
        if (Uri.TryCreate(words, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            return words.Length <= MaxAddress
                ? new Understood(new FieldContent { LinkKind = LinkKind.Url.Word(), LinkUrl = words })
                : Understood.Not($"an address has at most {MaxAddress} characters, but this one has {words.Length}");
        var colon = words.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && FieldWords.Link(words[..colon]) is { } kind and not LinkKind.Url && Guid.TryParse(words.AsSpan(colon + 1), out var id))
            return await IsVisibleAsync(kind, id, cancellationToken)
                ? new Understood(new FieldContent { LinkKind = kind.Word(), LinkId = id })
                : Understood.Not($"there is nothing at {Quote(words)}, or you may not see it");
        var samples = await connection.RowsAsync<Guid>("""
            select s.id from samples s join nodes n on n.id = s.project_id
            where s.project_id = @project and lower(s.name) = lower(@words) and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0 limit 2
            """, new { project, words, actor.Id, actor.Mask }, cancellationToken);
        return samples.Count switch
        {
            1 => new Understood(new FieldContent { LinkKind = LinkKind.Sample.Word(), LinkId = samples[0] }),
            0 => Understood.Not($"expected an address (https://…), node:ID, file-set:ID, session:ID, sample:ID, or the name of a sample of the project, but found {Quote(words)}"),
            _ => Understood.Not($"several samples of the project are called {Quote(words)}; write sample:ID"),
        };
    }

    private Task<bool> IsVisibleAsync(LinkKind kind, Guid id, CancellationToken cancellationToken) => connection.RowAsync<bool>(kind switch
    {
        LinkKind.Session => "select @IsSignedIn and exists (select from sessions where id = @id)",
        LinkKind.Node => "select exists (select from nodes n where n.id = @id and n.trashed_at is null and capabilities_on(@Actor, @Mask, n.scope_id) & 1 <> 0)",
        LinkKind.FileSet => """
            select exists (select from file_sets s join nodes n on n.id = s.dataset_id
                where s.id = @id and s.trashed_at is null and n.trashed_at is null and capabilities_on(@Actor, @Mask, n.scope_id) & 1 <> 0)
            """,
        _ => """
            select exists (select from samples s join nodes n on n.id = s.project_id
                where s.id = @id and n.trashed_at is null and capabilities_on(@Actor, @Mask, n.scope_id) & 1 <> 0)
            """,
    }, new { id, Actor = actor.Id, actor.Mask, actor.IsSignedIn }, cancellationToken);

    private static string Quote(string words) => $"\"{(words.Length > 80 ? words[..80] + "…" : words)}\"";

    // Of a trimmed text: with \s* at its end it would try every space within as the last, which takes seconds for a long cell.
    [GeneratedRegex(@"^(?<number>[+\-]?(\d+(\.\d*)?|\.\d+)([eE][+\-]?\d+)?)\s*(?<unit>[^\d\s,.].*)?$")]
    private static partial Regex NumberPattern();
}
