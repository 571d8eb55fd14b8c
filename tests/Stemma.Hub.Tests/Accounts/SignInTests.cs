using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Stemma.Hub.Accounts;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Accounts;

public sealed class SignInTests(TestDatabase database)
{
    private readonly FakeClock _clock = new();

    private Task<TestHub> StartAsync() => TestHub.StartAsync(database, build: builder => builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    private static async Task<HttpResponseMessage> SignInAsync(TestHub hub, string login, string password, params (string Name, string Value)[] headers)
    {
        using var client = hub.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "sign-in")
        {
            Content = new StringContent(new JsonObject { ["login"] = login, ["password"] = password }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<TestActor> BrowserAsync(TestHub hub, string login, string password)
    {
        using var answer = await SignInAsync(hub, login, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        var client = hub.Client();
        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return new TestActor(Guid.Empty, client);
    }

    [Fact]
    public async Task A_browser_signs_in_looks_and_signs_out()
    {
        await using var hub = await StartAsync();
        var admin = await BrowserAsync(hub, "ADMIN", hub.AdministratorPassword);
        var me = await admin.MustAsync("GET", "me");
        me["login"]!.GetValue<string>().ShouldBe("admin");
        me["isAdministrator"]!.GetValue<bool>().ShouldBeTrue();
        me["scope"]!.GetValue<string>().ShouldBe("manage");
        admin.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        await admin.MustAsync("DELETE", "sign-in");
        await admin.MustFailAsync(401, "not-signed-in", "GET", "me");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Origin", "here", true)]
    [InlineData("Origin", "https://elsewhere.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData(null, null, false)]
    public async Task A_cookie_changes_things_only_from_our_own_pages(string? header, string? value, bool allowed)
    {
        await using var hub = await StartAsync();
        var admin = await BrowserAsync(hub, "admin", hub.AdministratorPassword);
        if (header is not null)
            admin.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value == "here" ? hub.Address.GetLeftPart(UriPartial.Authority) : value);
        using var answer = await admin.SendAsync("POST", "projects", new JsonObject { ["name"] = "x" });
        answer.StatusCode.ShouldBe(allowed ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
        (await admin.MustAsync("GET", "me"))["login"]!.GetValue<string>().ShouldBe("admin");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    public async Task Another_authorization_neither_lets_a_cookie_through_from_elsewhere_nor_reads_it(string authorization)
    {
        await using var hub = await StartAsync();
        var admin = await BrowserAsync(hub, "admin", hub.AdministratorPassword);
        admin.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        await admin.MustFailAsync(403, "cross-site", "POST", "projects", new JsonObject { ["name"] = "x" });
        await admin.MustFailAsync(401, "not-signed-in", "GET", "me");
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("nobody")]
    public async Task After_five_failures_a_login_rests_ever_longer_whether_it_exists_or_not(string login)
    {
        await using var hub = await StartAsync();
        for (var failure = 1; failure <= 5; failure++)
            await ExpectAsync(401);
        foreach (var rest in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            (await ExpectAsync(429)).ShouldBe(rest);
            _clock.Advance(TimeSpan.FromSeconds(rest - 1));
            (await ExpectAsync(429)).ShouldBe(1);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await ExpectAsync(401);
        }

        async Task<int?> ExpectAsync(int status)
        {
            using var answer = await SignInAsync(hub, login, "wrong");
            ((int)answer.StatusCode).ShouldBe(status);
            return (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds;
        }
    }

    [Fact]
    public async Task The_right_password_sets_the_count_back_and_does_not_help_while_the_login_rests()
    {
        await using var hub = await StartAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var failure = 1; failure <= 4; failure++)
                (await SignInAsync(hub, "admin", "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await SignInAsync(hub, "admin", hub.AdministratorPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        for (var failure = 1; failure <= 5; failure++)
            await SignInAsync(hub, "admin", "wrong");
        (await SignInAsync(hub, "admin", hub.AdministratorPassword)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        _clock.Advance(TimeSpan.FromSeconds(31));
        (await SignInAsync(hub, "admin", hub.AdministratorPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guesses_at_once_count_each()
    {
        await using var hub = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SignInAsync(hub, "admin", "wrong")));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(5);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(15);
    }

    [Fact]
    public async Task A_stranger_who_fails_from_elsewhere_does_not_lock_out_whose_login_it_is()
    {
        await using var hub = await StartAsync();
        var limits = hub.Services.GetRequiredService<AttemptLimits>();
        for (var failure = 1; failure <= 5; failure++)
            limits.TakeLogin("admin", IPAddress.Parse("192.0.2.1"), isKnown: true).ShouldBeNull();
        limits.TakeLogin("Admin", IPAddress.Parse("192.0.2.1"), isKnown: true).ShouldBe(TimeSpan.FromSeconds(30));
        (await SignInAsync(hub, "admin", hub.AdministratorPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void A_hundred_failures_in_an_hour_from_many_addresses_rest_a_login_for_all()
    {
        var limits = new AttemptLimits(_clock);
        for (var failure = 0; failure < 100; failure++)
            limits.TakeLogin("admin", new IPAddress([192, 0, 2, (byte)failure]), isKnown: true).ShouldBeNull();
        limits.TakeLogin("admin", IPAddress.Loopback, isKnown: true).ShouldBe(TimeSpan.FromMinutes(15));
        limits.TakeLogin("eve", IPAddress.Loopback, isKnown: true).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(15));
        limits.TakeLogin("admin", IPAddress.Loopback, isKnown: true).ShouldBeNull();
    }

    [Fact]
    public void One_address_has_a_bucket_of_attempts_that_fills_again()
    {
        var limits = new AttemptLimits(_clock);
        for (var attempt = 0; attempt < AttemptLimits.Burst; attempt++)
            limits.TakeAddress(IPAddress.Parse("2001:db8::1")).ShouldBeNull();
        limits.TakeAddress(IPAddress.Parse("2001:db8::2")).ShouldBe(AttemptLimits.Refill, "one customer has the whole /64");
        limits.TakeAddress(IPAddress.Parse("2001:db8:0:1::1")).ShouldBeNull();
        _clock.Advance(AttemptLimits.Refill);
        limits.TakeAddress(IPAddress.Parse("2001:db8::1")).ShouldBeNull();
        limits.TakeAddress(IPAddress.Parse("2001:db8::1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sign_ins_and_a_sign_in_ends_by_itself()
    {
        await using var hub = await StartAsync();
        var here = await BrowserAsync(hub, "admin", hub.AdministratorPassword);
        var there = await BrowserAsync(hub, "admin", hub.AdministratorPassword);
        here.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        await here.MustFailAsync(403, "wrong-password", "POST", "me/password", new JsonObject { ["current"] = "wrong", ["new"] = "a-new-password" });
        await here.MustFailAsync(400, "weak-password", "POST", "me/password", new JsonObject { ["current"] = hub.AdministratorPassword, ["new"] = "short" });
        await here.MustAsync("POST", "me/password", new JsonObject { ["current"] = hub.AdministratorPassword, ["new"] = "a-new-password" });
        await here.MustAsync("GET", "me");
        await there.MustFailAsync(401, "not-signed-in", "GET", "me");

        _clock.Advance(TimeSpan.FromDays(13));
        await here.MustAsync("GET", "me");
        _clock.Advance(TimeSpan.FromDays(13));
        await here.MustAsync("GET", "me");
        _clock.Advance(TimeSpan.FromDays(15));
        await here.MustFailAsync(401, "not-signed-in", "GET", "me");
        (await hub.Services.GetRequiredService<SignIns>().SweepAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    [Fact]
    public async Task A_fresh_account_gets_a_password_once_and_a_disabled_one_is_shut_out_at_once()
    {
        await using var hub = await StartAsync();
        var admin = await hub.AccountAsync("anton", administrator: true);
        var made = await admin.MustAsync("POST", "accounts", new JsonObject { ["login"] = "eve", ["name"] = "Eve" });
        var eve = await BrowserAsync(hub, "eve", made["password"]!.GetValue<string>());
        var token = await hub.TokenAsync(made["id"]!.GetValue<Guid>(), TokenScope.Read);
        (await admin.MustAsync("GET", "accounts"))["items"]!.AsArray().ShouldAllBe(account => account!["password"] == null);

        await admin.MustAsync("PATCH", $"accounts/{made["id"]}", new JsonObject { ["disabled"] = true });
        await eve.MustFailAsync(401, "not-signed-in", "GET", "me");
        await token.MustFailAsync(401, "not-signed-in", "GET", "me");
        (await SignInAsync(hub, "eve", made["password"]!.GetValue<string>())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await admin.MustFailAsync(409, "login-taken", "POST", "accounts", new JsonObject { ["login"] = "EVE", ["name"] = "Other" });
    }

    [Fact]
    public async Task A_new_password_revokes_the_tokens_unless_their_owner_keeps_them()
    {
        await using var hub = await StartAsync();
        var admin = await hub.AccountAsync("anton", administrator: true);
        var made = await admin.MustAsync("POST", "accounts", new JsonObject { ["login"] = "eve", ["name"] = "Eve", ["password"] = "the-first-password" });
        var id = made["id"]!.GetValue<Guid>();
        var token = await hub.TokenAsync(id, TokenScope.Manage);
        await token.MustAsync("POST", "me/password", new JsonObject { ["current"] = "the-first-password", ["new"] = "the-second-password", ["keepTokens"] = true });
        await token.MustAsync("POST", "me/password", new JsonObject { ["current"] = "the-second-password", ["new"] = "the-third-password" });
        await token.MustFailAsync(401, "not-signed-in", "GET", "me");
        var another = await hub.TokenAsync(id, TokenScope.Read);
        await admin.MustAsync("PATCH", $"accounts/{id}", new JsonObject { ["password"] = "the-fourth-password" });
        await another.MustFailAsync(401, "not-signed-in", "GET", "me");
        await using var connection = await hub.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var count = new Npgsql.NpgsqlCommand("select count(*) from events where type = 'token.revoked'", connection);
        (await count.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(2L);
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("groups")]
    [InlineData("people")]
    public async Task A_cursor_that_no_list_gave_out_is_refused(string list)
    {
        await using var hub = await StartAsync();
        var admin = await hub.AccountAsync("anton", administrator: true);
        await admin.MustFailAsync(400, "invalid", "GET", $"{list}?cursor={Cursor.Encode("a\0b")}");
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var hub = await StartAsync();
        var anton = await hub.AccountAsync("anton", administrator: true);
        var first = (await anton.MustAsync("GET", "accounts"))["items"]!.AsArray().Single(account => account!["login"]!.GetValue<string>() == "admin")!["id"];
        await anton.MustAsync("PATCH", $"accounts/{first}", new JsonObject { ["disabled"] = true });
        await anton.MustFailAsync(409, "last-administrator", "PATCH", $"accounts/{anton.Id}", new JsonObject { ["isAdministrator"] = false });
        await anton.MustFailAsync(409, "last-administrator", "PATCH", $"accounts/{anton.Id}", new JsonObject { ["disabled"] = true });
    }

    [Fact]
    public async Task Tokens_do_what_their_scope_allows_until_they_end()
    {
        await using var hub = await StartAsync();
        var admin = await hub.AccountAsync("anton", administrator: true);
        var reading = await hub.TokenAsync(admin.Id, TokenScope.Read);
        var writing = await hub.TokenAsync(admin.Id, TokenScope.Write);
        await reading.MustFailAsync(403, "weak-token", "POST", "projects", new JsonObject { ["name"] = "x" });
        var project = await writing.ProjectAsync("x");
        await reading.MustAsync("GET", $"nodes/{project}");
        await writing.MustFailAsync(403, "weak-token", "PUT", $"nodes/{project}/grants/{Actor.Everyone}", new JsonObject { ["role"] = "viewer" });
        await writing.MustFailAsync(403, "weak-token", "POST", "tokens", new JsonObject { ["name"] = "more", ["scope"] = "manage" });
        await writing.MustFailAsync(403, "not-an-administrator", "GET", "accounts");
        var worker = await hub.WorkerAsync();
        await worker.MustFailAsync(403, "worker-token", "GET", "me");
        await worker.MustFailAsync(404, "not-found", "GET", $"nodes/{project}");

        var brief = await admin.MustAsync("POST", "tokens", new JsonObject { ["name"] = "short", ["scope"] = "read", ["expiresAt"] = _clock.GetUtcNow().AddHours(1) });
        var holder = new TestActor(admin.Id, hub.WithToken(brief["token"]!.GetValue<string>()));
        (await holder.MustAsync("GET", "me"))["isAdministrator"]!.GetValue<bool>().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromHours(1));
        await holder.MustFailAsync(401, "not-signed-in", "GET", "me");
        var ada = await hub.AccountAsync("ada");
        await ada.MustFailAsync(403, "not-an-administrator", "POST", "tokens", new JsonObject { ["name"] = "w", ["scope"] = "work" });
        var own = (await ada.MustAsync("GET", "tokens"))["items"]!.AsArray().Single()!;
        own["token"].ShouldBeNull();
        await ada.MustAsync("DELETE", $"tokens/{own["id"]}");
        await ada.MustFailAsync(401, "not-signed-in", "GET", "me");
    }
}
