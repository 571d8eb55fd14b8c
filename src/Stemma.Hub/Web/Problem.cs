namespace Stemma.Hub.Web;

/// <summary>An expected refusal, answered as problem details (RFC 9457) with a stable type.</summary>
/// <param name="slug">Last part of <c>urn:stemma:problem:…</c>; stable.</param>
/// <param name="title">The kind of problem, the same every time.</param>
/// <param name="detail">What was expected, what was found, and what to do.</param>
public sealed class Problem(int status, string slug, string title, string detail) : Exception(detail)
{
    public int Status { get; } = status;
    public string Slug { get; } = slug;
    public string Title { get; } = title;

    /// <summary>Seconds after which another try makes sense.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Further members of the answer, such as where in a query something is wrong.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    public static Problem NotFound(string what) =>
        new(404, "not-found", "Not found", $"There is no {what}, or you may not see it. Check the address, or ask its owner to share it with you.");

    public static Problem Forbidden(string what) =>
        new(403, "forbidden", "Not allowed", $"You may see this, but not {what}. Ask its owner for a role that may.");

    public static Problem Invalid(string detail) => new(400, "invalid", "The request cannot be understood", detail);

    public static Problem Conflict(string slug, string detail) => new(409, slug, "The request conflicts with the current state", detail);

    public static Problem Unauthorized(string detail) => new(401, "not-signed-in", "Not signed in", detail);
}
