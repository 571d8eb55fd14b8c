namespace Stemma.Client;

/// <summary>The <c>Repr-Digest</c> header (RFC 9530).</summary>
public static class ReprDigest
{
    public static string Format(ReadOnlySpan<byte> sha256) => $"sha-256=:{Convert.ToBase64String(sha256)}:";
}
