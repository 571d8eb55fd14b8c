using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stemma.Client;

/// <summary>
/// The SHA-256 of the one certificate a hub may show: for hubs whose certificate no authority known here has signed, or that are reached
/// under another name than it has. The hub must still prove that it holds the key; name, authority and expiry are not asked.
/// </summary>
public sealed class CertificatePin
{
    private readonly byte[] _sha256;

    private CertificatePin(byte[] sha256) => _sha256 = sha256;

    /// <param name="text">64 hexadecimal digits, also with colons and as <c>openssl x509 -fingerprint -sha256</c> writes them.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static CertificatePin Parse(string text)
    {
        var digits = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Replace(":", "", StringComparison.Ordinal).Trim();
        if (digits.Length != 2 * SHA256.HashSizeInBytes || digits.Any(digit => !char.IsAsciiHexDigit(digit)))
            throw new FormatException($"\"{text}\" is no SHA-256 of a certificate: expected 64 hexadecimal digits, as the hub prints them at its start.");
        return new CertificatePin(Convert.FromHexString(digits));
    }

    public bool Matches(X509Certificate? certificate) =>
        certificate is not null && CryptographicOperations.FixedTimeEquals(certificate.GetCertHash(HashAlgorithmName.SHA256), _sha256);

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_sha256);
}
