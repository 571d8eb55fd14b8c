namespace Stemma.Client;

/// <summary>Tries again over lost connections and busy hubs, waiting longer each time.</summary>
public sealed record Retry
{
    /// <summary>How long to keep trying without any success.</summary>
    /// <value>5 minutes</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait before the second try; doubles up to <see cref="LongestDelay"/>.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told before each wait: what went wrong and how long the wait is.</summary>
    public Action<Exception, TimeSpan>? Waiting { get; init; }

    /// <summary>Whether another try may succeed: the connection broke or the hub is busy, as opposed to a refusal.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        StemmaProblemException problem => problem.IsTransient,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => false,
        HttpRequestException => exception.InnerException is not LocalFileException,
        LocalFileException => false,
        IOException => true,
        _ => false,
    };

    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        RunAsync((_, token) => action(token), cancellationToken);

    /// <summary>Runs the action until it succeeds, is refused, or patience ends. It gets a callback that says "there was progress": patience and delays then start anew.</summary>
    public async Task<T> RunAsync<T>(Func<Action, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        var since = Clock.GetTimestamp();
        var delay = FirstDelay;
        while (true)
        {
            try
            {
                return await action(Progress, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsTransient(exception) && !cancellationToken.IsCancellationRequested && Clock.GetElapsedTime(since) < Patience)
            {
                var wait = (exception as StemmaProblemException)?.RetryAfter is { } asked && asked > delay ? asked : delay;
                Waiting?.Invoke(exception, wait);
                await Task.Delay(wait, Clock, cancellationToken).ConfigureAwait(false);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }

        void Progress()
        {
            since = Clock.GetTimestamp();
            delay = FirstDelay;
        }
    }
}
