using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Stemma.Hub.Web;

/// <summary>Turns exceptions into problem details. What is not an expected <see cref="Problem"/> is logged by the framework and answered without its insides.</summary>
internal sealed class ProblemMiddleware(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var details = exception switch
        {
            NpgsqlException database when IsAway(database) => Describe(new Problem(503, "no-database", "The database is away",
                "The database is starting, stopping or unreachable. Nothing of this request was kept; send it again in a moment.")
            { RetryAfterSeconds = 2 }, context),
            Problem problem => Describe(problem, context),
            BadHttpRequestException bad => new ProblemDetails
            {
                Status = bad.StatusCode, Type = Type("invalid"), Title = "The request cannot be understood",
                Detail = bad.InnerException is System.Text.Json.JsonException json ? $"{bad.Message} {json.Message}" : bad.Message,
            },
            _ => null,
        };
        if (details is null)
            return false;
        context.Response.StatusCode = details.Status!.Value;
        // A body that was not read to its end would be taken for the next request; and nobody waits once more for a slow one.
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && details.Status >= 400 && (context.Request.ContentLength is null or > 1 << 20 || details.Status == 408))
            context.Response.Headers.Connection = "close";
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = details });
    }

    /// <summary>The server is not there, or ended the connection: its own words begin with class 57, or there are none.</summary>
    private static bool IsAway(NpgsqlException exception) =>
        exception is PostgresException server ? server.SqlState.StartsWith("57P", StringComparison.Ordinal) : exception.IsTransient || exception.InnerException is IOException or System.Net.Sockets.SocketException;

    private static ProblemDetails Describe(Problem problem, HttpContext context)
    {
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();
        return Describe(problem);
    }

    /// <summary>A problem as it is told, also where it is only a part of an answer.</summary>
    internal static ProblemDetails Describe(Problem problem) => new() { Status = problem.Status, Type = Type(problem.Slug), Title = problem.Title, Detail = problem.Message, Extensions = problem.Members.ToDictionary() };

    /// <summary>Gives what the framework refuses by itself (no such route, wrong method, a fault of ours) a type of ours, and says what to do.</summary>
    internal static void Complete(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        if (details.Type?.StartsWith("urn:", StringComparison.Ordinal) == true)
            return;
        (details.Type, details.Detail) = details.Status switch
        {
            404 => (Type("not-found"), "There is nothing at this address. The API is described at /openapi/v1.json."),
            405 => (Type("wrong-method"), $"{context.HttpContext.Request.Method} is not understood here. The API is described at /openapi/v1.json."),
            415 => (Type("wrong-media-type"), "The body must be of another media type, usually application/json."),
            >= 500 => (Type("internal"), "Something went wrong in the hub. It is in the log; please tell the administrator."),
            _ => (Type("refused"), details.Detail ?? "The request was refused."),
        };
    }

    internal static string Type(string slug) => $"urn:stemma:problem:{slug}";
}
