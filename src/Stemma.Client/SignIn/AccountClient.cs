using System.Net.Http.Json;

namespace Stemma.Client;

/// <summary>Whoever a token or sign-in belongs to.</summary>
/// <param name="Scope">What the token may do: read, write, manage or work; null for a browser's sign-in.</param>
public sealed record Me(Guid Id, string Login, string? Name, bool IsAdministrator, string? Scope);

/// <summary>A sign-in by password, as a browser would hold it.</summary>
/// <param name="Cookie">Name and value of the cookie.</param>
public sealed record SignedIn(Me Me, string Cookie);

public sealed class AccountClient
{
    // Over TLS the hub puts __Host- before it.
    private const string CookieName = "stemma_sign_in";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private readonly HubConnection _connection;

    internal AccountClient(HubConnection connection) => _connection = connection;

    public Task<Me> MeAsync(CancellationToken cancellationToken = default) => _connection.GetAsync<Me>("me", cancellationToken);

    /// <exception cref="StemmaProblemException">401: wrong; 429: locked for a while.</exception>
    public async Task<SignedIn> SignInAsync(string login, string password, CancellationToken cancellationToken = default)
    {
        using var request = Browser(HttpMethod.Post, "sign-in", null, new { login, password });
        using var response = await _connection.SendAsync(request, Within, cancellationToken).ConfigureAwait(false);
        var me = await HubConnection.ReadAsync<Me>(response, cancellationToken).ConfigureAwait(false);
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var values)
            ? values.FirstOrDefault(value => value.StartsWith(CookieName + "=", StringComparison.Ordinal) || value.StartsWith($"__Host-{CookieName}=", StringComparison.Ordinal)) : null;
        return cookie is null
            ? throw new StemmaProblemException("about:blank", (int)response.StatusCode, "No sign-in came back", $"{_connection.Root} took the password but sent no cookie. Check the address.")
            : new SignedIn(me, cookie.Split(';', 2)[0]);
    }

    /// <summary>Makes a token for a signed-in person.</summary>
    public async Task<NewToken> CreateTokenAsync(SignedIn signedIn, string name, string scope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signedIn);
        using var request = Browser(HttpMethod.Post, "tokens", signedIn.Cookie, new TokenRequest(name, scope, null));
        return await _connection.ReadAsync<NewToken>(request, cancellationToken).ConfigureAwait(false);
    }

    public async Task SignOutAsync(SignedIn signedIn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signedIn);
        using var request = Browser(HttpMethod.Delete, "sign-in", signedIn.Cookie, null);
        using var response = await _connection.SendAsync(request, Within, cancellationToken).ConfigureAwait(false);
    }

    // The hub takes a cookie on a writing request only with the sign of coming from its own pages.
    private HttpRequestMessage Browser(HttpMethod method, string path, string? cookie, object? body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: ClientJson.Options);
        request.Headers.Add("Origin", _connection.Root.GetLeftPart(UriPartial.Authority));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return request;
    }
}
