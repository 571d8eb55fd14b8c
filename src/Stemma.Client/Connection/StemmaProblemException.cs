namespace Stemma.Client;

/// <summary>The hub refused a request and said why (RFC 9457). The message is the reason and, where the hub named one, the next step.</summary>
/// <param name="type">Stable identifier, e.g. <c>urn:stemma:problem:not-found</c>.</param>
/// <param name="status">HTTP status.</param>
/// <param name="detail">What was expected, what was found, and what to do.</param>
public sealed class StemmaProblemException(string type, int status, string title, string? detail, string? nextStep = null)
    : Exception(Describe(title, detail, nextStep))
{
    private const string Prefix = "urn:stemma:problem:";

    public string Type { get; } = type;
    public int Status { get; } = status;
    public string Title { get; } = title;
    public string? Detail { get; } = detail;
    public string? NextStep { get; } = nextStep;

    /// <summary>Where in a query something is wrong, in UTF-16 units; null for other problems.</summary>
    public int? Position { get; init; }

    /// <summary>How long that place is.</summary>
    public int? Length { get; init; }

    /// <summary>Time after which another try makes sense; null where the hub did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether this is the problem <c>urn:stemma:problem:<paramref name="slug"/></c>.</summary>
    public bool Is(string slug) => Type.StartsWith(Prefix, StringComparison.Ordinal) && Type.AsSpan(Prefix.Length).SequenceEqual(slug);

    /// <summary>Whether the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Status is 408 or 429 or 502 or 503 or 504;

    private static string Describe(string title, string? detail, string? nextStep)
    {
        var reason = string.IsNullOrWhiteSpace(detail) ? title : detail;
        return string.IsNullOrWhiteSpace(nextStep) ? reason : $"{reason} {nextStep}";
    }
}
