using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search;

public enum ExportFormat
{
    Csv,
    Ndjson,
}

/// <summary>Writes chosen fields of all hits, newest first, as they come from the database: memory does not grow with their number.</summary>
internal sealed class SearchExport(SearchSessions sessions)
{
    private const int FlushBytes = 64 << 10;

    /// <summary>Columns that are no fields of a query.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["id"] = "d.file_set_id", ["dataset"] = "n.id", ["dataset_name"] = "n.name", ["tags"] = "s.tags", ["files"] = "(select count(*) from files f where f.file_set_id = s.id and f.is_current)",
    };

    private static readonly string[] Default = ["id", "name", "dataset_name", "format", "kind", "instrument", "accelerating_voltage", "nominal_magnification", "pixel_size", "detector", "operator", "date", "specimen", "size"];

    public static async Task WriteAsync(SearchSession session, IReadOnlyList<string> names, ExportFormat format, PipeWriter output, CancellationToken cancellationToken)
    {
        var columns = names.Select(Column).ToList();
        var condition = Condition.AllOf([await session.BindAsync(session.Query, cancellationToken), session.Reach.ToCondition()]);
        if (format == ExportFormat.Csv)
            WriteLine(output, names.Select(object? (name) => name));
        await session.Connection.RunAsync("set local statement_timeout = 0", null, cancellationToken);
        await using var command = session.Command($"""
            select {string.Join(", ", columns)} from search_documents d join file_sets s on s.id = d.file_set_id join nodes n on n.id = s.dataset_id where s.trashed_at is null and
            """ + " ", condition, " order by d.newest desc, d.number desc");
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        while (await reader.ReadAsync(cancellationToken))
        {
            if (format == ExportFormat.Csv)
                WriteLine(output, Enumerable.Range(0, columns.Count).Select(column => reader.GetValue(column)));
            else
                WriteObject(output, json, names, reader);
            if (output.UnflushedBytes > FlushBytes && (await output.FlushAsync(cancellationToken)).IsCompleted)
                return;
        }

        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Opened before the answer begins, so that a query that cannot be understood is still told as a problem.</summary>
    public async Task<SearchSession> OpenAsync(Actor actor, string? text, CancellationToken cancellationToken)
    {
        var session = await sessions.OpenAsync(actor, text, cancellationToken);
        try
        {
            await session.BindAsync(session.Query, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="Problem">400: there is no such field.</exception>
    public static IReadOnlyList<string> Fields(string? asked)
    {
        var names = string.IsNullOrWhiteSpace(asked) ? Default : asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
            _ = Column(name);
        return names;
    }

    private static string Column(string name) =>
        Others.TryGetValue(name, out var sql) ? sql
        : SearchFields.Find(name) is { Column: { } column } field && field.Name != SearchFields.Tag
            ? field.Kind == SearchFieldKind.Value ? $"(select v.value from search_values v where v.code = d.{column})" : $"d.{column}"
            : throw Problem.Invalid($"There is no field \"{name}\" to write. Choose from {string.Join(", ", Others.Keys)}, {string.Join(", ", SearchFields.All.Where(field => field.Column is not null && field.Name != SearchFields.Tag).Select(field => field.Name))}.");

    private static void WriteLine(PipeWriter output, IEnumerable<object?> values)
    {
        var line = CsvText.Line(values.Select(Text));
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(line.Length));
        output.Advance(Encoding.UTF8.GetBytes(line, span));
    }

    private static string Text(object? value) => value switch
    {
        null or DBNull => "",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        string[] words => string.Join("; ", words),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void WriteObject(PipeWriter output, Utf8JsonWriter json, IReadOnlyList<string> names, NpgsqlDataReader reader)
    {
        json.Reset(output);
        json.WriteStartObject();
        for (var column = 0; column < names.Count; column++)
        {
            json.WritePropertyName(names[column]);
            JsonSerializer.Serialize(json, reader.GetValue(column) is var value && value is DBNull ? null : value, WireJson.Options);
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }
}
