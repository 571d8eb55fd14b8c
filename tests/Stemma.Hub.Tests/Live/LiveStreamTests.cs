using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Live;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Live;

/// <summary>A stream lasts as long as its credential.</summary>
public sealed class LiveStreamTests(TestDatabase database) : IAsyncLifetime
{
    private TestHub _hub = null!;
    private TestActor _owner = null!;
    private Guid _project;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync(database, build: builder => builder.Services.AddSingleton<TimeProvider>(new HurriedClock()));
        _owner = await _hub.AccountAsync("olga");
        _project = await _owner.ProjectAsync("Zeolites");
    }

    [Fact]
    public async Task It_goes_on_while_nothing_changed()
    {
        using var stream = await OpenAsync(_owner.Client);
        for (var pings = 0; pings < 5; pings += (await stream.ReadLineAsync(Token))!.Contains("still here", StringComparison.Ordinal) ? 1 : 0)
        {
        }
    }

    [Fact]
    public async Task It_ends_when_its_token_is_revoked()
    {
        using var stream = await OpenAsync(_owner.Client);
        var id = (await _owner.MustAsync("GET", "tokens"))["items"]![0]!["id"];
        await _owner.MustAsync("DELETE", $"tokens/{id}");
        await EndsAsync(stream);
    }

    [Fact]
    public async Task It_ends_although_there_is_always_something_to_tell()
    {
        var live = _hub.Services.GetRequiredService<LiveEvents>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var telling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                live.Publish(new LiveEvent("node", _project, "{}"));
                await Task.Delay(10, CancellationToken.None);
            }
        }, Token);
        using var stream = await OpenAsync(_owner.Client);
        var id = (await _owner.MustAsync("GET", "tokens"))["items"]![0]!["id"];
        await _owner.MustAsync("DELETE", $"tokens/{id}");
        await EndsAsync(stream);
        await stop.CancelAsync();
        await telling;
    }

    [Fact]
    public async Task It_ends_when_the_browser_is_signed_out()
    {
        using var browser = _hub.Client();
        using var signedIn = await browser.PostAsJsonAsync("sign-in", new { login = "admin", password = _hub.AdministratorPassword }, Token);
        browser.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var project = await new TestActor(Guid.Empty, browser).ProjectAsync("Alloys");
        using var stream = await OpenAsync(browser, project);
        (await browser.DeleteAsync("sign-in", Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await EndsAsync(stream);
    }

    [Fact]
    public async Task It_ends_when_the_account_is_disabled()
    {
        var administrator = await _hub.AccountAsync("ada", administrator: true);
        // The last owner of something cannot be disabled.
        await _owner.MustAsync("POST", $"nodes/{_project}/hand-over", new JsonObject { ["principalId"] = administrator.Id });
        using var stream = await OpenAsync(_owner.Client);
        await administrator.MustAsync("PATCH", $"accounts/{_owner.Id}", new JsonObject { ["disabled"] = true });
        await EndsAsync(stream);
    }

    [Fact]
    public async Task It_ends_when_the_guest_link_is_ended()
    {
        var link = await _owner.MustAsync("POST", $"nodes/{_project}/links", new JsonObject());
        using var guest = _hub.Client();
        guest.DefaultRequestHeaders.Add("Stemma-Link", link["secret"]!.GetValue<string>());
        using var stream = await OpenAsync(guest);
        await _owner.MustAsync("DELETE", $"nodes/{_project}/links/{link["id"]}");
        await EndsAsync(stream);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private async Task<StreamReader> OpenAsync(HttpClient client, Guid? node = null) => new(await client.GetStreamAsync($"live?node={node ?? _project}", Token));

    /// <summary>Reads what there is, until the hub ends it.</summary>
    private static async Task EndsAsync(StreamReader stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (await stream.ReadLineAsync(patience.Token) is not null)
        {
        }
    }
}
