using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Stemma.Bench.Catalog;

/// <summary>One person with one connection that stays open, who asks when the answer to the question before is there.</summary>
/// <param name="Share">Of the datasets that the person sees.</param>
internal sealed record Searcher(Uri Hub, string Name, double Share, string Token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(Hub, "api/v1/"), Timeout = TimeSpan.FromMinutes(2), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };

    public void Dispose() => _http.Dispose();

    /// <returns>Seconds until the whole answer was here.</returns>
    public async Task<double> SecondsAsync(string path)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await _http.GetAsync(path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // Who sees no file of an instrument does not learn its keys: that is an answer, too.
        return answer.IsSuccessStatusCode || Encoding.UTF8.GetString(body) is var problem && problem.Contains("No file that you see has", StringComparison.Ordinal) ? seconds
            : throw new InvalidOperationException($"{Uri.UnescapeDataString(path)}: {(int)answer.StatusCode} {problem}");
    }

    /// <summary>How many files a query finds; about, where the hub tells no more.</summary>
    public async Task<long> HitsAsync(string query)
    {
        using var answer = JsonDocument.Parse(await _http.GetByteArrayAsync(Questions.Search(query) + "&limit=1"));
        return new[] { "total", "about" }.Select(name => answer.RootElement.TryGetProperty(name, out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt64() : 0).Max();
    }
}
