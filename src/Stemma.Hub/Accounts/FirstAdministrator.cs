using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;

namespace Stemma.Hub.Accounts;

/// <summary>The accounts that a hub has from its first start.</summary>
public static class FirstAdministrator
{
    public const string Login = "admin";

    /// <summary>Makes the hub's own account and, where no person is an administrator, one.</summary>
    /// <returns>The new administrator's password, to be shown once; null where there is an administrator already.</returns>
    public static async Task<string?> EnsureAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two hubs that start on one database make one administrator.
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var writer = new AccountWriter(new EventWriter(TimeProvider.System), TimeProvider.System);
        await writer.EnsureServiceAsync(connection, Actor.System, "stemma-hub", isAdministrator: true, cancellationToken);
        string? password = null;
        if (!await connection.RowAsync<bool>("select exists (select from accounts where is_administrator and not is_service)", null, cancellationToken))
        {
            password = Passwords.NewReadable();
            await writer.AddAsync(connection, Actor.Hub, Login, "Administrator", null, Passwords.Hash(password), isAdministrator: true, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return password;
    }
}
