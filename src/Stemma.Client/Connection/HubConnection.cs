using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Stemma.Client;

/// <summary>Sends requests below <c>/api/v1/</c> and turns refusals into <see cref="StemmaProblemException"/>. Safe for concurrent use.</summary>
internal sealed class HubConnection : IDisposable
{
    /// <summary>How long an answer without a large body may take.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http;
    private readonly SemaphoreSlim? _turns;

    /// <param name="atOnce">Requests that are on their way at once, others wait for their turn; null: as many as are asked for.</param>
    public HubConnection(Uri hub, string? token, HttpMessageHandler handler, int? atOnce = null)
    {
        _turns = atOnce is { } count ? new SemaphoreSlim(count) : null;
        Root = new Uri(hub, hub.AbsolutePath.EndsWith('/') ? hub.AbsolutePath : hub.AbsolutePath + "/");
        // Times out per request: a large upload may take hours, a question may not.
        _http = new HttpClient(handler) { BaseAddress = new Uri(Root, "api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ExpectContinue = false;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("stemma", typeof(HubConnection).Assembly.GetName().Version?.ToString(3)));
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The hub's address, with a trailing slash.</summary>
    public Uri Root { get; }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await ReadAsync<T>(request, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        return await ReadAsync<T>(request, cancellationToken, within).ConfigureAwait(false);
    }

    public async Task PostAsync(string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        using var response = await SendAsync(request, AnswerWithin, cancellationToken).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        using var response = await SendAsync(request, AnswerWithin, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> ReadAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        using var response = await SendAsync(request, within ?? AnswerWithin, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ClientJson.Options, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("an empty answer");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new StemmaProblemException("about:blank", (int)response.StatusCode, "The answer is not one of a Stemma hub",
                $"Asked {response.RequestMessage?.RequestUri} and could not understand the answer ({exception.Message}). Check the address of the hub.");
        }
    }

    /// <summary>Sends, and reads the headers of the answer. The caller disposes it.</summary>
    /// <exception cref="StemmaProblemException">The hub refused.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan within, CancellationToken cancellationToken)
    {
        // Waiting for one's turn is no silence of the hub's.
        if (_turns is not null)
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(within);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{Root} did not answer within {within.TotalSeconds:0} s.");
        }
        finally
        {
            _turns?.Release();
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ProblemAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _http.Dispose();
        _turns?.Dispose();
    }

    private static JsonContent? Json(object? body) => body is null ? null : JsonContent.Create(body, body.GetType(), options: ClientJson.Options);

    private sealed record ProblemBody(string? Type, string? Title, string? Detail, string? NextStep, int? Position, int? Length);

    private static async Task<StemmaProblemException> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemBody? body = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                body = await response.Content.ReadFromJsonAsync<ProblemBody>(ClientJson.Options, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
            {
                // The status alone has to say it.
            }
        }

        var status = (int)response.StatusCode;
        var wait = response.Headers.RetryAfter?.Delta;
        return new StemmaProblemException(body?.Type ?? "about:blank", status, body?.Title ?? Plain(response.StatusCode),
            body?.Detail ?? $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} was answered with {status} {response.ReasonPhrase}.", body?.NextStep)
        {
            RetryAfter = wait, Position = body?.Position, Length = body?.Length,
        };
    }

    private static string Plain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "Not signed in",
        HttpStatusCode.Forbidden => "Not allowed",
        HttpStatusCode.NotFound => "Not found",
        _ => "The hub refused the request",
    };
}
