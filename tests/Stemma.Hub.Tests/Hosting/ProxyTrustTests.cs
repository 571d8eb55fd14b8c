using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Hosting;

/// <summary>What a proxy says of a request counts; what others say does not.</summary>
public sealed class ProxyTrustTests(TestDatabase database)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task Behind_a_trusted_proxy_cookies_are_secure_and_links_have_its_address(string proxy)
    {
        await using var hub = await TestHub.StartAsync(database, options => options.TrustedProxies = [proxy]);
        (await CookieAsync(hub)).ShouldSatisfyAllConditions(cookie => cookie.ShouldStartWith("__Host-"), cookie => cookie.Split("; ").ShouldContain("secure"));
        (await LinkAsync(hub)).ShouldStartWith("https://hub.example.org/");
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData(null)]
    public async Task What_an_untrusted_address_says_is_ignored(string? proxy)
    {
        await using var hub = await TestHub.StartAsync(database, options => options.TrustedProxies = proxy is null ? [] : [proxy]);
        (await CookieAsync(hub)).ShouldSatisfyAllConditions(cookie => cookie.ShouldStartWith("stemma_sign_in="), cookie => cookie.Split("; ").ShouldNotContain("secure"));
        (await LinkAsync(hub)).ShouldStartWith(hub.Address.ToString());
    }

    private static async Task<string> CookieAsync(TestHub hub)
    {
        using var client = Forwarded(hub.Client());
        using var answer = await client.PostAsJsonAsync("sign-in", new { login = "admin", password = hub.AdministratorPassword }, TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
    }

    private static async Task<string> LinkAsync(TestHub hub)
    {
        var owner = await hub.AccountAsync("olga");
        Forwarded(owner.Client);
        var project = await owner.ProjectAsync("Zeolites");
        return (await owner.MustAsync("POST", $"nodes/{project}/links", new JsonObject()))["url"]!.GetValue<string>();
    }

    private static HttpClient Forwarded(HttpClient client)
    {
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "hub.example.org");
        return client;
    }
}
