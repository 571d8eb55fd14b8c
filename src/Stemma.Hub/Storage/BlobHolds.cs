namespace Stemma.Hub.Storage;

/// <summary>
/// Digests whose bytes somebody places or relies on, until the commit that speaks of them is over. The folder belongs to one process, so its memory is the place for this:
/// bytes are unlinked only while nobody holds them, and whoever wants to hold them waits for the unlinking and then finds them gone.
/// </summary>
internal sealed class BlobHolds
{
    // By the first byte: unlinking a large file takes a moment, in which only its neighbours wait.
    private readonly Dictionary<Digest, int>[] _stripes = [.. Enumerable.Range(0, 256).Select(_ => new Dictionary<Digest, int>())];

    public void Take(Digest digest)
    {
        var stripe = StripeOf(digest);
        lock (stripe)
            stripe[digest] = stripe.GetValueOrDefault(digest) + 1;
    }

    public void Release(Digest digest)
    {
        var stripe = StripeOf(digest);
        lock (stripe)
            if (--stripe[digest] == 0)
                stripe.Remove(digest);
    }

    /// <summary>Acts while nobody holds the digest, and nobody begins to.</summary>
    /// <returns>False where somebody holds it; else what the act gave.</returns>
    public bool TryAlone(Digest digest, Func<bool> act)
    {
        var stripe = StripeOf(digest);
        lock (stripe)
            return !stripe.ContainsKey(digest) && act();
    }

    private Dictionary<Digest, int> StripeOf(Digest digest) => _stripes[Convert.FromHexString(digest.Hex.AsSpan(0, 2))[0]];
}
