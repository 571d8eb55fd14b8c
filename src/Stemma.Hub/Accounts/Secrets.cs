using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Stemma.Hub.Accounts;

/// <summary>A secret that is shown once, and what is kept of it.</summary>
/// <param name="Digest">SHA-256 of the text: 32 random bytes need no slow hash.</param>
internal sealed record Secret(string Text, byte[] Digest);

internal static class Secrets
{
    public const string TokenPrefix = "stm_";

    /// <summary>32 random bytes, base64url, after a prefix by which scanners recognise leaked ones.</summary>
    public static Secret New(string prefix = "")
    {
        var text = prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new Secret(text, Digest(text));
    }

    public static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
