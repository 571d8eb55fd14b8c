using Stemma.Hub.Hosting;

namespace Stemma.Hub.Tests.Hosting;

public sealed class OptionsLoaderTests
{
    public static TheoryData<string> Everywhere => ["http://*:80", "http://+:80", "http://0.0.0.0:80", "http://[::]:80", "http://192.0.2.1:80", "http://[2001:db8::1]:80", "http://myhost:80",
        "http://localhost.example.org:80", "http://127.0.0.1.example.org:80", "http://0.0.0.0@127.0.0.1:80", "http://127.0.0.1:5480;http://*:80"];

    [Theory]
    [InlineData("http://localhost:5480")]
    [InlineData("http://LOCALHOST:5480")]
    [InlineData("http://127.0.0.1:5480")]
    [InlineData("http://127.8.9.1:5480")]
    [InlineData("http://[::1]:5480")]
    public void Plain_http_on_loopback_needs_no_word(string url) => Load(url).Urls.ShouldBe(url);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Plain_http_off_loopback_is_refused_with_what_to_do(string url)
    {
        var problem = Should.Throw<SettingsException>(() => Load(url));
        problem.Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain(url.Split(';')[^1]), message => message.ShouldContain("--certificate"), message => message.ShouldContain("--insecure-http"));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Plain_http_off_loopback_is_taken_from_those_who_know_it(string url) => Load(url, ("InsecureHttp", "true")).InsecureHttp.ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Plain_http_off_loopback_is_taken_behind_a_proxy(string url) => Load(url, ("TrustedProxies:0", "192.0.2.7"), ("TrustedProxies:1", "10.1.0.0/16")).TrustedProxies.Length.ShouldBe(2);

    [Fact]
    public void Https_needs_a_certificate()
    {
        Should.Throw<SettingsException>(() => Load("https://*:443")).Message.ShouldContain("--certificate");
        Load("https://*:443", ("Certificate", "hub.pem")).Certificate.ShouldBe("hub.pem");
    }

    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("ftp://127.0.0.1:80")]
    [InlineData("http://127.0.0.1:80/hub")]
    [InlineData("http://unix:/run/stemma.sock")]
    public void What_is_no_address_is_named(string url) => Should.Throw<SettingsException>(() => Load(url)).Message.ShouldContain($"'{url}' is no address");

    [Theory]
    [InlineData("proxy.example.org")]
    [InlineData("10.1.0.0/40")]
    public void A_proxy_that_is_no_address_is_named(string proxy) => Should.Throw<SettingsException>(() => Load("http://127.0.0.1:80", ("TrustedProxies:0", proxy))).Message.ShouldContain($"'{proxy}'");

    private static HubOptions Load(string urls, params (string Name, string Value)[] more) =>
        OptionsLoader.Load(new Dictionary<string, string?>(more.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value))) { ["Data"] = "/nonexistent", ["Urls"] = urls });
}
