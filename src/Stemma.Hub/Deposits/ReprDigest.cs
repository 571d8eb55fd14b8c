using Microsoft.AspNetCore.Http;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>The header <c>Repr-Digest</c> (RFC 9530): a dictionary of algorithms, of which SHA-256 is checked and others are passed over.</summary>
internal static class ReprDigest
{
    private const string Header = "Repr-Digest";
    private const string Key = "sha-256=";

    /// <summary>The announced SHA-256; null where none is.</summary>
    /// <exception cref="Problem">400: there is one, but it cannot be read.</exception>
    public static Digest? Of(HttpRequest request)
    {
        foreach (var member in request.Headers.GetCommaSeparatedValues(Header))
        {
            if (!member.StartsWith(Key, StringComparison.OrdinalIgnoreCase))
                continue;
            var value = member[Key.Length..];
            var end = value.IndexOf(':', Math.Min(1, value.Length));
            var bytes = new byte[33];
            if (value.StartsWith(':') && end > 0 && Convert.TryFromBase64String(value[1..end], bytes, out var count) && count == 32)
                return Digest.From(bytes.AsSpan(0, 32));
            throw Problem.Invalid($"Repr-Digest must hold sha-256=:…: with the base64 of 32 bytes, but holds {member}.");
        }

        return null;
    }

    public static void Write(HttpResponse response, Digest digest) => response.Headers[Header] = $"{Key}:{Convert.ToBase64String(digest.ToBytes())}:";
}
