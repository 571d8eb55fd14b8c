namespace Stemma.Hub.Fields;

/// <summary>Compares a table that somebody filled in with what stands in the database.</summary>
internal sealed class FieldTableImport(FieldTable table, FieldInput input)
{
    private readonly List<TableProblem> _problems = [];
    private readonly List<(FieldChange Change, TableChange Shown)> _changes = [];

    /// <summary>Everything that is wrong, row by row.</summary>
    public IReadOnlyList<TableProblem> Problems => _problems;

    public IReadOnlyList<(FieldChange Change, TableChange Shown)> Changes => _changes;

    public async Task ReadAsync(List<string[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0 || rows[0].Length == 0 || !string.Equals(rows[0][0].Trim(), "id", StringComparison.OrdinalIgnoreCase))
        {
            _problems.Add(new TableProblem(1, "", "expected a heading whose first column is id, as an exported table has it"));
            return;
        }

        var columns = Columns(rows[0]);
        var version = Array.FindIndex(rows[0], words => Is(words.Trim(), FieldTable.VersionHeading));
        var lines = table.Lines.ToDictionary(line => line.Subject.Id);
        Dictionary<Guid, int> seen = [];
        for (var index = 1; index < rows.Count; index++)
        {
            // Spreadsheets leave empty lines at the end.
            if (rows[index].All(string.IsNullOrWhiteSpace))
                continue;
            if (Line(rows[index], index + 1, rows[0].Length, lines, seen) is { } line)
                await CellsAsync(rows[index], index + 1, line, columns, version, cancellationToken);
        }
    }

    /// <summary>The field of each column; null for those that are no fields: id, path, version, and what is wrong.</summary>
    private Field?[] Columns(string[] heading)
    {
        var columns = new Field?[heading.Length];
        for (var column = 1; column < heading.Length; column++)
        {
            var words = heading[column].Trim();
            if (words.Length == 0 || Is(words, "path") || Is(words, FieldTable.VersionHeading))
                continue;
            var field = table.Fields.FirstOrDefault(field => Is(words, field.Name) || Is(words, FieldTable.Heading(field)));
            if (field is null)
                _problems.Add(new TableProblem(1, words, $"there is no such field; expected {(table.Fields.Count == 0 ? "none, because no template of the project applies here" : string.Join(", ", table.Fields.Select(FieldTable.Heading)))}"));
            else if (columns.Contains(field))
                _problems.Add(new TableProblem(1, words, "this column stands there twice"));
            else
                columns[column] = field;
        }

        return columns;
    }

    private static bool Is(string words, string name) => string.Equals(words, name, StringComparison.OrdinalIgnoreCase);

    private TableLine? Line(string[] cells, int row, int width, Dictionary<Guid, TableLine> lines, Dictionary<Guid, int> seen)
    {
        string? problem = null;
        TableLine? line = null;
        if (cells.Length > width)
            problem = $"has {cells.Length} cells, but the heading has {width}; put cells with commas into quotes";
        else if (!Guid.TryParse(cells[0].Trim(), out var id))
            problem = $"expected an id, but found \"{cells[0]}\"";
        else if (!lines.TryGetValue(id, out line))
            problem = $"there is no {(lines.Values.FirstOrDefault()?.Subject.Target == FieldTarget.FileSet ? "file set" : "dataset")} {id} below this place";
        else if (!seen.TryAdd(id, row))
            problem = $"the id of row {seen[id]} stands there once more";
        if (problem is null)
            return line;
        _problems.Add(new TableProblem(row, "", problem));
        return null;
    }

    private async Task CellsAsync(string[] cells, int row, TableLine line, Field?[] columns, int version, CancellationToken cancellationToken)
    {
        var before = _changes.Count;
        for (var column = 1; column < cells.Length; column++)
        {
            if (columns[column] is not { } field)
                continue;
            var held = line.Values.GetValueOrDefault(field.Id);
            // What was taken out comes back as it is, also where a name means several people by now.
            if (cells[column] == (held?.Exported ?? ""))
                continue;
            var understood = await input.ReadAsync(field, cells[column], cancellationToken);
            if (understood.Problem is { } problem)
                _problems.Add(new TableProblem(row, FieldTable.Heading(field), problem));
            else if (held?.Content != understood.Content)
                _changes.Add((new FieldChange(line.Subject, field, held?.Content, understood.Content),
                    new TableChange(line.Subject.Id, line.Path, FieldTable.Heading(field), held?.Exported, understood.Content is null ? null : cells[column].Trim())));
        }

        // What others wrote since the table was taken out would be taken back by what stood there before. A line that changes nothing takes nothing back.
        var seen = version >= 0 && version < cells.Length ? cells[version].Trim() : "";
        if (_changes.Count > before && seen.Length > 0 && !Is(seen, line.Version))
            _problems.Add(new TableProblem(row, FieldTable.VersionHeading,
                $"\"{line.Path}\" was changed since this table was taken out, and differs in {string.Join(", ", _changes.Skip(before).Select(change => change.Shown.Field))}; take the table out again, or empty this cell to write over it"));
    }
}
