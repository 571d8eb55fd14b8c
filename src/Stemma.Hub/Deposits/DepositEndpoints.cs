using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Stemma.Hub.Accounts;
using Stemma.Hub.Deposits.Together;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>Files come in by plain PUT. For large files and bad networks there are resumable uploads.</summary>
internal static class DepositEndpoints
{
    public static IEndpointRouteBuilder MapDeposits(this IEndpointRouteBuilder api)
    {
        api.MapPut("/nodes/{id:guid}/files/{**path}", PutAsync).WithTags("Deposits").WithName("PutFile")
            .WithSummary("Deposit a file: the body is its bytes. The same bytes at the same path change nothing; other bytes become a new version.")
            .For(Caller.SignedIn, Capabilities.Add).Records("file.deposited").Accepts<byte[]>(isOptional: true, "*/*").TakesFile();
        api.MapPost("/nodes/{id:guid}/files", PutAllAsync).WithTags("Deposits").WithName("PutFiles")
            .WithSummary($"Deposit up to {FilesManifest.MaxFiles} small files at once: the body is a line of JSON that names them (FilesManifest), a line feed, and their bytes one after the other. "
                + "Each is deposited, or refused with a problem of its own.")
            .For(Caller.SignedIn, Capabilities.Add).Records("file.deposited").Accepts<byte[]>(FilesManifest.MediaType).TakesFile();
        return api;
    }

    private static Task<DepositedTogether> PutAllAsync(
        TogetherService together, Actor actor, HttpContext context, Guid id, int? levels, string? dataset, CancellationToken cancellationToken) =>
        together.DepositAsync(actor, id, levels ?? Destination.DefaultLevels, dataset ?? Destination.DefaultDataset, context.Request.BodyReader, cancellationToken);

    private static async Task<Results<Created<Deposited>, Ok<Deposited>>> PutAsync(
        DepositService deposits, Actor actor, HttpContext context, Guid id, string? path, int? levels, string? dataset, bool? unpack, CancellationToken cancellationToken)
    {
        var destination = new Destination(id, PathOf(context, path), levels ?? Destination.DefaultLevels, dataset ?? Destination.DefaultDataset);
        var facts = new DepositFacts(DepositedVia.Upload, ModifiedOf(context), unpack ?? false);
        var deposited = await deposits.DepositAsync(actor, destination, facts, context.Request.BodyReader, context.Request.ContentLength, ReprDigest.Of(context.Request), cancellationToken);
        return deposited.AlreadyThere ? TypedResults.Ok(deposited) : TypedResults.Created($"/api/v1/files/{deposited.File.Id}", deposited);
    }

    /// <summary>
    /// The path as the sender wrote it. The server's own decoding cannot tell an encoded slash from a plain one and swallows dot segments;
    /// here they are to be refused by name.
    /// </summary>
    internal static RelativePath PathOf(HttpContext context, string? decoded)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var segments = (query < 0 ? target : target[..query]).Split('/');
        // "", api, v1, nodes or tasks, id, files or deposits, and then the path.
        const int Before = 6;
        if (target.Length == 0)
            return RelativePath.Parse(decoded ?? "");
        if (segments.Length <= Before || segments is not ["", "api", "v1", ("nodes" or "tasks") and var home, var id, ("files" or "deposits") and var kind, ..]
            || (home == "nodes") != (kind == "files") || !Guid.TryParse(id, out _))
            throw RelativePath.Refuse("The address does not begin plainly with /api/v1/, the kind and the id. Write it without dot segments and without encoding its own words.");
        return RelativePath.FromSegments([.. segments[Before..].Select(Decode)]);
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Percent-decoding in which no two different names become one: what is no UTF-8 is refused.</summary>
    private static string Decode(string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var index = 0; index < segment.Length; index++)
        {
            if (segment[index] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(segment.Substring(index, 1)));
                continue;
            }

            if (index + 2 >= segment.Length || !byte.TryParse(segment.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                throw RelativePath.Refuse($"The path holds a % that begins no encoded byte, at character {index} of {segment}. Write a percent sign as %25.");
            bytes.Add(value);
            index += 2;
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw RelativePath.Refuse($"The segment {segment} is not UTF-8. Encode names as UTF-8, or rename the file first.");
        }
    }

    private static DateTimeOffset? ModifiedOf(HttpContext context)
    {
        var header = context.Request.Headers["Stemma-Modified"].ToString();
        if (header.Length == 0)
            return null;
        return ParseTime(header) ?? throw Problem.Invalid($"Stemma-Modified must be a time as in 2026-03-14T15:09:26Z, but is \"{header}\".");
    }

    internal static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
