using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stemma.Hub.Hosting;

/// <summary>The certificate that the hub shows, with its key and the authorities between it and a root. Read once, at the start.</summary>
/// <param name="Between">Sent along: a client knows the root only.</param>
internal sealed record ServerCertificate(X509Certificate2 Own, X509Certificate2Collection Between)
{
    /// <summary>SHA-256 in hexadecimal: what clients can pin.</summary>
    public string Pin => Own.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <exception cref="SettingsException">A file is missing, is none, wants another password, or key and certificate do not belong together.</exception>
    public static ServerCertificate? Load(HubOptions options)
    {
        if (options.Certificate is not { } path)
            return null;
        try
        {
            var password = options.CertificatePasswordFile is { } file ? File.ReadLines(file).FirstOrDefault() ?? "" : null;
            return Path.GetExtension(path).ToLowerInvariant() is ".pfx" or ".p12" ? FromPfx(path, password) : FromPem(path, options.CertificateKey ?? path, password);
        }
        catch (Exception problem) when (problem is IOException or CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The certificate {path} cannot be used: {problem.Message} Expected is a PEM file with its key in it or beside it (--certificate-key), or a PFX; "
                + "where the key is encrypted, --certificate-password-file names a file with the password as its first line.");
        }
    }

    private static ServerCertificate FromPem(string path, string key, string? password)
    {
        var own = password is null ? X509Certificate2.CreateFromPemFile(path, key) : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        return new ServerCertificate(own, [.. all.Skip(1)]);
    }

    private static ServerCertificate FromPfx(string path, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("It holds no private key.");
        return new ServerCertificate(own, [.. all.Where(certificate => certificate != own)]);
    }
}
