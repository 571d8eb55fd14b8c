using Microsoft.AspNetCore.Http;

namespace Stemma.Hub.Web;

/// <summary>
/// Refuses changes that another site makes a browser send (cross-site request forgery). Browsers say where a request comes from
/// (Sec-Fetch-Site, or Origin); a browser that has our cookie and says neither is refused. Programs, which send no cookie, need say nothing.
/// Only a bearer token, beside which no cookie counts, exempts a request: other words in Authorization do not.
/// </summary>
internal static class SameOrigin
{
    public static bool IsSafe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <exception cref="Problem">403: the request comes from elsewhere, or with a cookie and no word about where from.</exception>
    public static void Require(HttpContext context)
    {
        var request = context.Request;
        if (IsSafe(request) || Accounts.ActorResolver.BearerToken(request) is not null)
            return;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var same = site.Length > 0 ? site is "same-origin" or "none"
            : origin.Length > 0 ? string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            : Accounts.SignInCookie.Read(context) is null;
        if (!same)
            throw new Problem(403, "cross-site", "Not allowed",
                "A change with a sign-in cookie must come from this hub's own pages (Sec-Fetch-Site: same-origin, or a matching Origin). Programs use a token instead.");
    }
}
