using Microsoft.AspNetCore.Http;

namespace Stemma.Hub.Accounts;

/// <summary>The cookie of a browser that is signed in. Over TLS it has the prefix <c>__Host-</c>, so that no other host or plain connection can plant one.</summary>
internal static class SignInCookie
{
    private const string PlainName = "stemma_sign_in";

    private static string Name(HttpContext context) => context.Request.IsHttps ? $"__Host-{PlainName}" : PlainName;

    public static string? Read(HttpContext context) => context.Request.Cookies[Name(context)];

    public static void Write(HttpContext context, string secret, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(Name(context), secret, Options(context, expiresAt));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name(context), Options(context, null));

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = context.Request.IsHttps, Expires = expiresAt, IsEssential = true,
    };
}

/// <summary>Set on a request whose actor was known by its cookie.</summary>
/// <param name="Digest">Key of the row in <c>sign_ins</c>.</param>
internal sealed record BrowserSignIn(byte[] Digest);
