using System.Diagnostics.CodeAnalysis;

namespace Stemma.Hub.Storage;

/// <summary>The SHA-256 of bytes, which is their name in the store.</summary>
public readonly record struct Digest
{
    private Digest(string hex) => Hex = hex;

    /// <value>64 lowercase hexadecimal digits.</value>
    public string Hex { get; }

    public static Digest From(ReadOnlySpan<byte> sha256) => sha256.Length == 32
        ? new Digest(Convert.ToHexStringLower(sha256))
        : throw new ArgumentException($"A SHA-256 has 32 bytes, not {sha256.Length}.", nameof(sha256));

    /// <summary>Reads 64 hexadecimal digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out Digest digest)
    {
        var valid = hex is { Length: 64 } && hex.All(char.IsAsciiHexDigit);
        digest = valid ? new Digest(hex!.ToLowerInvariant()) : default;
        return valid;
    }

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}
