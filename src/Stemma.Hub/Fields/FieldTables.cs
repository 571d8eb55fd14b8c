using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>What is filled in below a node, as a table to be taken out, filled in elsewhere, and brought back.</summary>
internal sealed class FieldTables(NpgsqlDataSource database, FieldValueWriter writer)
{
    private const int ShownChanges = 200;
    private const int ToldProblems = 20;

    public async Task<string> ExportAsync(Actor actor, Guid nodeId, FieldTarget target, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return CsvText.Write((await FieldTable.LoadAsync(connection, actor, nodeId, target, Capabilities.See, forUpdate: false, cancellationToken)).ToRows());
    }

    /// <summary>Changes all that the table says, in one transaction; or nothing where one cell is wrong. A column or row that is left out is left alone; an empty cell clears.</summary>
    /// <exception cref="Problem">400: a cell is wrong, and it is no dry run.</exception>
    public async Task<TableReport> ImportAsync(Actor actor, Guid nodeId, FieldTarget target, string csv, bool isDryRun, CancellationToken cancellationToken)
    {
        List<string[]> rows;
        try
        {
            rows = CsvText.Read(csv);
        }
        catch (FormatException broken)
        {
            throw Problem.Invalid($"The table cannot be read. {broken.Message}");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await FieldTable.LoadAsync(connection, actor, nodeId, target, Capabilities.Edit, forUpdate: !isDryRun, cancellationToken);
        var import = new FieldTableImport(table, new FieldInput(connection, actor, table.Project));
        await import.ReadAsync(rows, cancellationToken);
        if (!isDryRun && import.Problems.Count > 0)
            throw Refused(import.Problems);
        if (!isDryRun)
        {
            await writer.WriteAsync(connection, actor, [.. import.Changes.Select(change => change.Change)], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return new TableReport(isDryRun, Math.Max(0, rows.Count - 1), import.Problems, [.. import.Changes.Take(ShownChanges).Select(change => change.Shown)], import.Changes.Count);
    }

    private static Problem Refused(IReadOnlyList<TableProblem> problems)
    {
        var told = string.Join(" ", problems.Take(ToldProblems).Select(problem => $"Row {problem.Row}{(problem.Column.Length > 0 ? $", {problem.Column}" : "")}: {problem.Problem}."));
        return new Problem(400, "table-refused", "The table has mistakes",
            $"Nothing was changed. {problems.Count} cell{(problems.Count == 1 ? " is" : "s are")} wrong. {told}{(problems.Count > ToldProblems ? " A dry run (?dryRun=true) tells all of them." : "")}");
    }
}
