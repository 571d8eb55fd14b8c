using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Stemma.Client;
using Stemma.Hub.Hosting;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>The program over TLS, with a certificate that names another host than where its own worker finds it, of an authority that nobody knows.</summary>
[Collection("reader children")]
public sealed class TlsTests(TestDatabase database) : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("stemma-tls-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pem")]
    [InlineData("pem+key")]
    [InlineData("pem+encrypted-key")]
    [InlineData("pfx")]
    [InlineData("pfx+password")]
    public async Task What_a_person_puts_over_tls_is_read_by_the_local_worker(string form)
    {
        await using var hub = await ServedHub.StartAsync(database, ["--urls", "https://127.0.0.1:0", "--readers", "1", .. _authority.Write(_folder, form)]);
        hub.Said.ShouldContain(_authority.Pin.ToLowerInvariant(), Case.Sensitive, "the hub says what to pin");
        var picture = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(picture, "plain words", Token);

        await hub.RunAsync(["login", hub.Address.ToString(), "--login", "admin", "--pin", _authority.Pin], hub.Password);
        await hub.RunAsync(["put", picture, "--project", "Over TLS", "--create"]);

        using var client = new StemmaClient(hub.Address, await TokenAsync(hub), CertificatePin.Parse(_authority.Pin));
        (await ReadingAsync(client)).ShouldBe("no_reader", $"the worker looked at it. The hub said: {hub.Said}");
    }

    [Fact]
    public async Task Cookies_over_tls_never_travel_without_it()
    {
        await using var hub = await ServedHub.StartAsync(database, ["--urls", "https://127.0.0.1:0", "--readers", "0", .. _authority.Write(_folder, "pem")]);
        using var client = new HttpClient(HubHandler.Create(hub.Address, CertificatePin.Parse(_authority.Pin))) { BaseAddress = hub.Address };
        client.DefaultRequestHeaders.Host = TestAuthority.Name;

        using var answer = await client.PostAsJsonAsync("api/v1/sign-in", new { login = "admin", password = hub.Password }, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("__Host-");
        cookie.Split("; ").ShouldContain("secure");
        answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=2592000"]);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    public async Task The_authorities_between_are_sent_along(string form)
    {
        await using var hub = await ServedHub.StartAsync(database, ["--urls", "https://127.0.0.1:0", "--readers", "0", .. _authority.Write(_folder, form)]);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Root }, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Host = TestAuthority.Name;
        (await client.GetAsync(new Uri(hub.Address, "/openapi/v1.json"), Token)).StatusCode.ShouldBe(HttpStatusCode.OK, "a client that knows the root alone trusts the hub");
    }

    [Fact]
    public async Task A_hub_with_another_certificate_than_the_pinned_one_gets_no_password()
    {
        using var other = new TestAuthority();
        await using var hub = await ServedHub.StartAsync(database, ["--urls", "https://127.0.0.1:0", "--readers", "0", .. other.Write(_folder, "pem")]);
        (await hub.TryAsync(["login", hub.Address.ToString(), "--login", "admin", "--pin", _authority.Pin], hub.Password)).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(69), run => run.Said.ShouldContain("certificate is not accepted"));
        (await hub.TryAsync(["login", hub.Address.ToString(), "--login", "admin"], hub.Password)).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(69), run => run.Said.ShouldContain("--pin"));
        await hub.RunAsync(["login", hub.Address.ToString(), "--login", "admin", "--pin", other.Pin], hub.Password);
    }

    [Theory]
    [InlineData("pem+encrypted-key", 4)]
    [InlineData("pfx+password", 2)]
    public void A_key_without_its_password_is_refused_with_what_to_do(string form, int options)
    {
        var written = _authority.Write(_folder, form)[..options];
        var problem = Should.Throw<SettingsException>(() => ServerCertificate.Load(new HubOptions { Certificate = written[1], CertificateKey = written.ElementAtOrDefault(3) }));
        problem.Message.ShouldContain("--certificate-password-file");
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        using var other = new TestAuthority();
        var certificate = _authority.Write(_folder, "pem+key")[1];
        var key = other.Write(Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName, "pem+key")[3];
        Should.Throw<SettingsException>(() => ServerCertificate.Load(new HubOptions { Certificate = certificate, CertificateKey = key })).Message.ShouldContain(certificate);
    }

    [Fact]
    public void A_pin_is_read_as_other_programs_write_it()
    {
        var colons = string.Join(':', Enumerable.Range(0, 32).Select(index => _authority.Pin.Substring(2 * index, 2)));
        CertificatePin.Parse($"sha256 Fingerprint={colons}").ToString().ShouldBe(_authority.Pin.ToLowerInvariant());
        Should.Throw<FormatException>(() => CertificatePin.Parse(_authority.Pin[2..])).Message.ShouldContain("64");
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> TokenAsync(ServedHub hub)
    {
        using var client = new StemmaClient(hub.Address, pin: CertificatePin.Parse(_authority.Pin));
        return (await client.Account.CreateTokenAsync(await client.Account.SignInAsync("admin", hub.Password, Token), "test", "read", Token)).Secret!;
    }

    /// <summary>Waits until the one file was looked at.</summary>
    private static async Task<string> ReadingAsync(StemmaClient client)
    {
        var project = await client.Nodes.ProjectsAsync(Token).SingleAsync(node => node.Name == "Over TLS", Token);
        for (var tries = 0; ; tries++)
        {
            var set = await client.FileSets.ListAsync(project.Id, recursive: true, Token).SingleAsync(Token);
            if (set.Reading is "read" or "no_reader" or "failed" || tries > 300)
                return set.Reading;
            await Task.Delay(100, Token);
        }
    }
}
