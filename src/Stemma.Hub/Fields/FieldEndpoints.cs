using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

internal static class FieldEndpoints
{
    /// <summary>A table of as many rows as are allowed, with some thirty short cells in each.</summary>
    private sealed class TableBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 8 << 20;
    }

    public static IServiceCollection AddFields(this IServiceCollection services) => services
        .AddSingleton<FieldTemplateQueries>().AddSingleton<FieldTemplateChanges>().AddSingleton<FieldQueries>().AddSingleton<FieldValueWriter>().AddSingleton<FieldChanger>().AddSingleton<FieldTables>();

    /// <summary>Metadata by people: templates of fields, values, tables of them.</summary>
    public static IEndpointRouteBuilder MapFields(this IEndpointRouteBuilder api)
    {
        var fields = api.MapGroup("").WithTags("Fields");
        fields.MapGet("/units", () => TypedResults.Ok(Units.All)).WithName("ListUnits").WithSummary("Units that number fields can have.").For(Caller.Anyone);
        fields.MapGet("/field-templates/standard", () => TypedResults.Ok(StandardTemplates.All))
            .WithName("ListStandardTemplates").WithSummary("Templates to start from: make one of them in a project, and change it there.").For(Caller.Anyone);
        fields.MapGet("/nodes/{id:guid}/field-templates", async (FieldTemplateQueries queries, Actor actor, Guid id, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.ListAsync(actor, id, cancellationToken)))
            .WithName("ListFieldTemplates").WithSummary("Templates of a project, with how many objects each field is filled in of.").For(Caller.Anyone, Capabilities.See);
        fields.MapPost("/nodes/{id:guid}/field-templates", CreateTemplateAsync)
            .WithName("CreateFieldTemplate").WithSummary("Define fields for a project.").For(Caller.SignedIn, Capabilities.Manage).Records("field-template.created");
        fields.MapPatch("/field-templates/{id:guid}", ChangeTemplateAsync)
            .WithName("ChangeFieldTemplate").WithSummary("Change a template. Its fields are sent all together, in their order; one that is left out is removed.")
            .For(Caller.SignedIn, Capabilities.Manage).Records("field-template.changed");
        fields.MapDelete("/field-templates/{id:guid}", RemoveTemplateAsync)
            .WithName("RemoveFieldTemplate").WithSummary("Remove a template with its fields. Where these are filled in, ?discardValues=true is needed; the history keeps the values.")
            .For(Caller.SignedIn, Capabilities.Manage).Records("field-template.removed");

        foreach (var (path, one, isFileSet) in new[] { ("/nodes/{id:guid}/fields", "Node", false), ("/file-sets/{id:guid}/fields", "FileSet", true) })
        {
            fields.MapGet(path, async (FieldQueries queries, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                    Answer(context, await queries.GetAsync(actor, id, isFileSet, cancellationToken)))
                .WithName($"Get{one}Fields").WithSummary("What people wrote about it, with what it inherits, and what its project asks for.").For(Caller.Anyone, Capabilities.See);
            fields.MapPatch(path, async (FieldChanger changer, Actor actor, HttpContext context, Guid id, FieldChanges changes, CancellationToken cancellationToken) =>
                    Answer(context, await changer.ChangeAsync(actor, id, isFileSet, changes, context.ExpectedVersion(), cancellationToken)))
                .WithName($"Change{one}Fields").WithSummary("Set and clear values, all together or none.").For(Caller.SignedIn, Capabilities.Edit).Records("fields.changed");
            fields.MapGet($"{path}/history", async (FieldQueries queries, Actor actor, Guid id, Guid? field, int? limit, string? cursor, CancellationToken cancellationToken) =>
                    TypedResults.Ok(await queries.HistoryAsync(actor, id, isFileSet, field, limit, cursor, cancellationToken)))
                .WithName($"List{one}FieldHistory").WithSummary("Every value that it has had, or of one field, newest first.").For(Caller.SignedIn, Capabilities.See);
        }

        fields.MapGet("/nodes/{id:guid}/fields.csv", ExportAsync)
            .WithName("ExportFields").WithSummary("A table of what is filled in below a node: a row per dataset, or with ?of=file-sets per file set.").For(Caller.Anyone, Capabilities.See);
        fields.MapPost("/nodes/{id:guid}/fields.csv", ImportAsync).WithMetadata(new TableBody()).Accepts<string>("text/csv")
            .WithName("ImportFields").WithSummary("Fill in from a table, all or nothing. With ?dryRun=true it only tells what would change and what is wrong.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("fields.changed");
        return api;
    }

    private static async Task<Created<FieldTemplate>> CreateTemplateAsync(
        FieldTemplateChanges changes, Actor actor, HttpContext context, Guid id, NewFieldTemplate asked, CancellationToken cancellationToken)
    {
        var made = await changes.CreateAsync(actor, id, asked, cancellationToken);
        context.SetVersion(made.Version);
        return TypedResults.Created((string?)null, made);
    }

    private static async Task<Ok<FieldTemplate>> ChangeTemplateAsync(
        FieldTemplateChanges changes, Actor actor, HttpContext context, Guid id, FieldTemplatePatch patch, CancellationToken cancellationToken)
    {
        var changed = await changes.ChangeAsync(actor, id, patch, context.ExpectedVersion(), cancellationToken);
        context.SetVersion(changed.Version);
        return TypedResults.Ok(changed);
    }

    private static async Task<NoContent> RemoveTemplateAsync(
        FieldTemplateChanges changes, Actor actor, HttpContext context, Guid id, bool? discardValues, CancellationToken cancellationToken)
    {
        await changes.RemoveAsync(actor, id, discardValues ?? false, context.ExpectedVersion(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<FileContentHttpResult> ExportAsync(FieldTables tables, Actor actor, Guid id, string? of, CancellationToken cancellationToken) =>
        TypedResults.File(Encoding.UTF8.GetBytes(await tables.ExportAsync(actor, id, Of(of), cancellationToken)), "text/csv; charset=utf-8", "fields.csv");

    private static async Task<Ok<TableReport>> ImportAsync(
        FieldTables tables, Actor actor, HttpRequest request, Guid id, string? of, bool? dryRun, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        string csv;
        try
        {
            csv = await reader.ReadToEndAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw Problem.Invalid("The table must be in UTF-8. In a spreadsheet, save it as \"CSV UTF-8\".");
        }

        return TypedResults.Ok(await tables.ImportAsync(actor, id, Of(of), csv, dryRun ?? false, cancellationToken));
    }

    private static FieldTarget Of(string? of) => of switch
    {
        null or "datasets" => FieldTarget.Dataset,
        "file-sets" => FieldTarget.FileSet,
        _ => throw Problem.Invalid($"of must be datasets or file-sets, but is \"{of}\"."),
    };

    private static Ok<ObjectFields> Answer(HttpContext context, ObjectFields fields)
    {
        context.SetVersion(fields.Version);
        return TypedResults.Ok(fields);
    }
}
