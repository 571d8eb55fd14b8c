using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Hosting;

/// <summary>
/// One hub at a time on a database: two copies of one data folder have one identity, and each would store what the other's rows speak of. The claim is a lock of a
/// connection of its own, so that it ends with the hub, however that ends. It is taken again when the connection was lost.
/// </summary>
internal sealed class StoreClaim : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly string _connectionString;
    private readonly CancellationTokenSource _ending = new();
    private NpgsqlConnection? _holder;
    private Task _keeping = Task.CompletedTask;

    private StoreClaim(string connectionString) => _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <exception cref="SettingsException">Another hub has it.</exception>
    public static async Task<StoreClaim> TakeAsync(string connectionString, CancellationToken cancellationToken)
    {
        var claim = new StoreClaim(connectionString);
        if (await claim.TryTakeAsync(cancellationToken))
            return claim;
        await claim.DisposeAsync();
        throw new SettingsException("Another hub runs on this database at this moment, with a copy of this data folder or the folder itself on another machine. "
            + "Stop it first, or give this hub a data folder and a database of its own (--data, --postgres).");
    }

    /// <summary>Watches over the claim until it is disposed.</summary>
    /// <param name="every">How often it is looked after; null: every 10 s.</param>
    /// <param name="lost">Called when another hub took it while this one's connection was gone.</param>
    public void Keep(Action lost, TimeSpan? every = null) => _keeping = KeepAsync(lost, every ?? Every);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _keeping;
        await LetGoAsync();
        _ending.Dispose();
    }

    private async Task KeepAsync(Action lost, TimeSpan every)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every, _ending.Token);
                try
                {
                    if (await IsHeldAsync(_ending.Token) || await TryTakeAsync(_ending.Token))
                        continue;
                    lost();
                    return;
                }
                catch (NpgsqlException)
                {
                    // The database is away, for everybody. It is asked again.
                    await LetGoAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
    }

    private async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        if (_holder is null)
            return false;
        await _holder.RunAsync("select 1", null, cancellationToken);
        return true;
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        await LetGoAsync();
        _holder = new NpgsqlConnection(_connectionString);
        await _holder.OpenAsync(cancellationToken);
        // A hub whose machine lost power never says goodbye: the server asks, and frees the lock in a minute.
        await _holder.RunAsync("set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3", null, cancellationToken);
        return await _holder.RowAsync<bool>("select pg_try_advisory_lock(hashtextextended('the hub of this database', 0))", null, cancellationToken);
    }

    private async Task LetGoAsync()
    {
        if (_holder is not null)
            await _holder.DisposeAsync();
        _holder = null;
    }
}
