using System.Threading.RateLimiting;

namespace Stemma.Hub.Web;

/// <summary>How many requests of one kind run at once: of one caller, and of all together. What is above waits for a moment, and is then refused.</summary>
/// <remarks>Such requests keep a connection to the database for long, or the processor busy; without an end to them, nobody else would get one.</remarks>
/// <param name="what">Completes <c>too many … at once</c>.</param>
/// <param name="mostOfOne">Of one principal; strangers are one.</param>
internal sealed class RequestGate(string what, int mostOfOne, int mostOfAll) : IDisposable
{
    /// <summary>Requests that wait hold no connection to the database.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<Guid, Guid>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => AtMost(mostOfOne))),
        PartitionedRateLimiter.Create<Guid, bool>(_ => RateLimitPartition.GetConcurrencyLimiter(true, _ => AtMost(mostOfAll))));

    /// <returns>To be disposed when the request has ended.</returns>
    /// <exception cref="Problem">429: there are too many.</exception>
    public async ValueTask<IDisposable> EnterAsync(Guid caller, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var lease = await _limiter.AcquireAsync(caller, 1, patience.Token);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Refused below.
        }

        throw new Problem(429, "too-many-at-once", "Too many requests at once", $"There are too many {what} at once: {mostOfOne} may run for one caller, and {mostOfAll} in all. Try again when one has ended.")
        {
            RetryAfterSeconds = 5,
        };
    }

    public void Dispose() => _limiter.Dispose();

    private static ConcurrencyLimiterOptions AtMost(int permits) => new() { PermitLimit = permits, QueueLimit = MostWaiting };
}
