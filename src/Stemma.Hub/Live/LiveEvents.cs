using System.Threading.Channels;

namespace Stemma.Hub.Live;

/// <summary>A small notice to whoever is looking: something changed, fetch it if it concerns you.</summary>
/// <param name="Name">The server-sent event's name: fileSet, fields (of a file set), node, remark, harvest.</param>
/// <param name="NodeId">The node to whose watchers it goes (and to those of its ancestors); null: to everyone signed in.</param>
/// <param name="Data">JSON.</param>
public sealed record LiveEvent(string Name, Guid? NodeId, string Data);

/// <summary>
/// Passes notices from changes to open pages. Publish after the commit: what is announced is there to be fetched.
/// A notice is a hint, not a record: a slow reader loses the oldest, and a page that comes back fetches anew.
/// </summary>
public sealed class LiveEvents
{
    private readonly Lock _lock = new();
    private readonly List<Channel<LiveEvent>> _subscribers = [];

    public void Publish(LiveEvent notice)
    {
        lock (_lock)
            foreach (var subscriber in _subscribers)
                subscriber.Writer.TryWrite(notice);
    }

    /// <summary>All notices from now on, until cancelled.</summary>
    public async IAsyncEnumerable<LiveEvent> SubscribeAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
            _subscribers.Add(channel);
        try
        {
            await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken))
                yield return notice;
        }
        finally
        {
            lock (_lock)
                _subscribers.Remove(channel);
        }
    }
}
