using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>A private authority with one between it and the hub, as institutes have them; and a certificate for <see cref="Name"/> written in the forms that people have.</summary>
public sealed class TestAuthority : IDisposable
{
    public const string Name = "hub.example.org";
    public const string Password = "geheim 42";
    private readonly X509Certificate2 _between;
    private readonly X509Certificate2 _own;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Root = Authority("CN=Test root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(3));
        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Authority("CN=Test authority between", betweenKey).Create(Root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2), [2]);
        _between = between.CopyWithPrivateKey(betweenKey);
        var request = new CertificateRequest($"CN={Name}", _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        names.AddIpAddress(IPAddress.Parse("192.0.2.1"));
        request.CertificateExtensions.Add(names.Build());
        using var own = request.Create(_between, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [3]);
        _own = own.CopyWithPrivateKey(_key);
    }

    public X509Certificate2 Root { get; }

    /// <summary>SHA-256 of the hub's certificate.</summary>
    public string Pin => _own.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Writes certificate and key.</summary>
    /// <param name="form">pem, pem+key, pem+encrypted-key, pfx, pfx+password.</param>
    /// <returns>The options of <c>stemma serve</c> that name them.</returns>
    public string[] Write(string folder, string form)
    {
        var path = Path.Combine(folder, form.StartsWith("pfx", StringComparison.Ordinal) ? "hub.pfx" : "hub.pem");
        var key = Path.Combine(folder, "hub.key");
        var password = Path.Combine(folder, "password");
        File.WriteAllText(password, Password + "\n");
        var certificates = _own.ExportCertificatePem() + "\n" + _between.ExportCertificatePem() + "\n";
        switch (form)
        {
            case "pem":
                File.WriteAllText(path, _key.ExportPkcs8PrivateKeyPem() + "\n" + certificates);
                return ["--certificate", path];
            case "pem+key":
                File.WriteAllText(path, certificates);
                File.WriteAllText(key, _key.ExportPkcs8PrivateKeyPem());
                return ["--certificate", path, "--certificate-key", key];
            case "pem+encrypted-key":
                File.WriteAllText(path, certificates);
                File.WriteAllText(key, _key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
                return ["--certificate", path, "--certificate-key", key, "--certificate-password-file", password];
            default:
                using (var bare = X509CertificateLoader.LoadCertificate(_between.RawData))
                    File.WriteAllBytes(path, new X509Certificate2Collection { bare, _own }.Export(X509ContentType.Pkcs12, form == "pfx" ? null : Password)!);
                return form == "pfx" ? ["--certificate", path] : ["--certificate", path, "--certificate-password-file", password];
        }
    }

    public void Dispose()
    {
        Root.Dispose();
        _between.Dispose();
        _own.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key) => new(name, key, HashAlgorithmName.SHA256)
    {
        CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true), new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true) },
    };
}
