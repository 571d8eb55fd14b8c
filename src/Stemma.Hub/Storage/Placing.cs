using Stemma.Hub.Web;

namespace Stemma.Hub.Storage;

/// <summary>One blob on its way to its place, and what became of it.</summary>
/// <param name="replace">Also over bytes of this digest that are there already.</param>
internal sealed class Placing(IncomingBlob incoming, bool replace)
{
    public IncomingBlob Incoming { get; } = incoming;

    public bool Replace { get; } = replace;

    public Digest Digest { get; } = incoming.Digest();

    /// <summary>False: bytes of this digest were there already.</summary>
    public bool IsPlaced => Incoming.Placed;

    public Problem? Failure { get; set; }
}
