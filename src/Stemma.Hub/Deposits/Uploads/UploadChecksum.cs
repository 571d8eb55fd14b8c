using System.Security.Cryptography;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Uploads;

/// <summary>The header <c>Upload-Checksum</c> of tus: an algorithm and the base64 digest of the body of one request.</summary>
internal sealed class UploadChecksum : IDisposable
{
    public const string Algorithms = "sha1,sha256";
    private readonly byte[] _expected;

    private UploadChecksum(IncrementalHash hash, byte[] expected) => (Hash, _expected) = (hash, expected);

    public IncrementalHash Hash { get; }

    /// <summary>Null where the header is absent.</summary>
    /// <exception cref="Problem">400: an algorithm that is not offered, or no base64.</exception>
    public static UploadChecksum? Parse(string header)
    {
        if (header.Length == 0)
            return null;
        var parts = header.Split(' ');
        var algorithm = parts[0] switch
        {
            "sha1" => HashAlgorithmName.SHA1, // For finding damage in transit, as the protocol has it; nothing is trusted by it.
            "sha256" => HashAlgorithmName.SHA256,
            _ => throw Problem.Invalid($"Upload-Checksum may use {Algorithms}, but uses \"{parts[0]}\"."),
        };
        var expected = new byte[64];
        if (parts.Length != 2 || !Convert.TryFromBase64String(parts[1], expected, out var count))
            throw Problem.Invalid("Upload-Checksum must be an algorithm, a space and a digest in base64.");
        return new UploadChecksum(IncrementalHash.CreateHash(algorithm), expected[..count]);
    }

    public bool Matches() => Hash.GetCurrentHash().AsSpan().SequenceEqual(_expected);

    public void Dispose() => Hash.Dispose();
}
