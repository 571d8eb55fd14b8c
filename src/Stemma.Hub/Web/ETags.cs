using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stemma.Hub.Web;

/// <summary>Optimistic concurrency: the version of a row is its ETag, and whoever changes it says which version they saw.</summary>
public static class ETags
{
    public static void SetVersion(this HttpContext context, long version) => context.Response.Headers.ETag = $"\"{version}\"";

    /// <summary>The version that the caller saw; null for <c>If-Match: *</c>.</summary>
    public static long? ExpectedVersion(this HttpContext context)
    {
        var header = context.Request.Headers[HeaderNames.IfMatch].ToString();
        if (header.Length == 0)
            throw new Problem(428, "precondition-required", "If-Match is required",
                "Changing this needs the header If-Match with the ETag that you last saw, so that nobody's change is overwritten unseen. GET it first.");
        if (header == "*")
            return null;
        return long.TryParse(header.Trim().Trim('"'), out var version) ? version : throw Stale();
    }

    /// <exception cref="Problem">412: somebody else was faster.</exception>
    public static void Check(long? expected, long actual)
    {
        if (expected is { } version && version != actual)
            throw Stale();
    }

    internal static Problem Stale() => new(412, "stale", "Somebody else changed this meanwhile",
        "The version in If-Match is not the current one. GET it again, look at what changed, and repeat your change.");
}
