using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Stemma.Hub.Web;

/// <summary>The description of the API at <c>/openapi/v1.json</c>, from which clients and their types are generated.</summary>
internal static class HubOpenApi
{
    private const string ProblemSchema = "Problem";

    public static IServiceCollection AddHubOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Stemma", Version = "v1",
                Description = "Errors are problem details (RFC 9457). Lists are pages: hand `next` back as `?cursor=`. What you may not see answers 404, what you see but may not do 403.",
            };
            // Clients are generated for the address that they are used with.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas[ProblemSchema] = Problem();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token, stm_…" },
                ["cookie"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "stemma_sign_in", Description = "Of a browser that is signed in." },
                ["link"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Stemma-Link", Description = "The secret of a guest link." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Numbers are numbers: the reader is lenient, the writer is not.
            if (schema.Type is { } type && type.HasFlag(JsonSchemaType.String) && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
            {
                schema.Type = type & ~JsonSchemaType.String;
                schema.Pattern = null;
            }

            // Words are strings; where null is among them, whoever refers to the schema says so.
            if (schema.Enum is { Count: > 0 } words)
            {
                schema.Type ??= JsonSchemaType.String;
                schema.Enum = [.. words.Where(word => word is not null)];
            }

            return Task.CompletedTask;
        });
    });

    public static void MapHubOpenApi(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json").For(Caller.Anyone);

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        // One route may answer GET and HEAD; operations need names of their own.
        if (context.Description.HttpMethod == "HEAD")
            operation.OperationId += "Head";
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RouteAccess>().FirstOrDefault() is { } access)
        {
            var words = Sharing.Roles.Words(access.Capability);
            operation.Description ??= $"For {access.Caller switch
            {
                Caller.Anyone => "anyone",
                Caller.SignedIn => "accounts",
                Caller.Administrator => "administrators",
                _ => "workers (token of scope work)",
            }}{(words.Length > 0 ? $"; capability {string.Join(", ", words)}" : "")}.";
            operation.Security = access.Caller switch
            {
                Caller.Anyone => [new OpenApiSecurityRequirement(), Need("token"), Need("cookie"), Need("link")],
                Caller.Worker => [Need("token")],
                _ => [Need("token"), Need("cookie")],
            };
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "It was refused, or failed.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, context.Document) },
            },
        };

        OpenApiSecurityRequirement Need(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "detail" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable: urn:stemma:problem:…" },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What was expected, what was found, and what to do." },
        },
    };
}
