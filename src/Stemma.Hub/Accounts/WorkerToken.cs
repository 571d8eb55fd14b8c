using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Records;

namespace Stemma.Hub.Accounts;

/// <summary>The credential of the worker that the hub runs itself.</summary>
public static class WorkerToken
{
    /// <summary>A fresh token of scope work; those before it end.</summary>
    public static async Task<string> IssueAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var writer = new AccountWriter(new EventWriter(TimeProvider.System), TimeProvider.System);
        var account = await writer.EnsureServiceAsync(connection, Guid.CreateVersion7(), "local-worker", isAdministrator: false, cancellationToken);
        await connection.RunAsync("update access_tokens set revoked_at = now() where account_id = @account and revoked_at is null", new { account }, cancellationToken);
        var token = await writer.AddTokenAsync(connection, Actor.Hub, account, "Local worker", TokenScope.Work, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token.Token!;
    }
}
