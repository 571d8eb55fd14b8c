using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Files.Zip;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

internal static class FileEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapFiles(this IEndpointRouteBuilder api)
    {
        var files = api.MapGroup("").WithTags("Files");
        files.MapGet("/nodes/{id:guid}/files", ManifestAsync).WithName("ListFiles")
            .WithSummary("Every file at or below a node, with its path below the node, size and SHA-256.").For(Caller.Anyone, Capabilities.See);
        files.MapGet("/files/{id:guid}", GetFileAsync).WithName("GetFile").WithSummary("One version of a file.").For(Caller.Anyone, Capabilities.See);
        files.MapPatch("/files/{id:guid}", RenameAsync).WithName("RenameFile")
            .WithSummary("Rename a file, or move it within its dataset, with all its versions. Only a file that is read by itself. Its ETag is its set's.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file.renamed");
        files.MapGet("/files/{id:guid}/versions", VersionsAsync).WithName("ListVersions").WithSummary("All versions at the file's path, newest first.").For(Caller.Anyone, Capabilities.See);
        files.MapMethods("/files/{id:guid}/content", Reading, (FileContent content, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                content.SendAsync(actor, id, context, cancellationToken))
            .WithName("GetFileContent").WithSummary("The bytes of a file, whole or in ranges.").For(Caller.Anyone, Capabilities.Download);

        files.MapPost("/nodes/{id:guid}/linked-files", async (LinkedFiles linked, Actor actor, Guid id, LinkFile request, CancellationToken cancellationToken) =>
                TypedResults.Ok(await linked.LinkAsync(actor, id, request, cancellationToken)))
            .WithName("LinkFile").WithSummary("Deposit a file that stays where it is, beneath a root that the administrator of the machine named.")
            .For(Caller.Administrator, Capabilities.Add).Records("file.deposited");
        files.MapPost("/files/{id:guid}/take-in", async (LinkedFiles linked, Actor actor, Guid id, CancellationToken cancellationToken) =>
                TypedResults.Ok(await linked.TakeInAsync(actor, id, cancellationToken)))
            .WithName("TakeFileIn").WithSummary("Copy the bytes of a linked file into the hub.").For(Caller.SignedIn, Capabilities.Edit).Records("file.taken-in");

        files.MapGet("/nodes/{id:guid}/file-sets", ListAsync).WithName("ListFileSets")
            .WithSummary("File sets of a dataset; with ?recursive=true of everything below a node. ?sort= name, or -created for the newest first. ?filter= words, each in the name, the format's name or a tag; ?show= pictures, waiting, no_reader or failed. ?offset= a place in the list, where no ?cursor= is given.").For(Caller.Anyone, Capabilities.See)
            // Of a filtered list every file is looked at.
            .Through(RequestGates.StrangersSearches, strangersOnly: true, when: query => query.ContainsKey("filter") || query.ContainsKey("show"));
        files.MapGet("/nodes/{id:guid}/tags", async (TagQueries tags, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await tags.ListAsync(actor, id, limit, cursor, cancellationToken)))
            .WithName("ListTags").WithSummary("Tags in use at or below a node, of nodes and file sets, by name.").For(Caller.Anyone, Capabilities.See);
        files.MapPost("/file-sets/move", async (FileSetMoves moves, Actor actor, MoveFileSets move, CancellationToken cancellationToken) =>
                TypedResults.Ok(await moves.MoveAsync(actor, move.FileSets, move.DatasetId, cancellationToken)))
            .WithName("MoveFileSets").WithSummary($"Put up to {ManyFileSets.Most} file sets into a dataset, all or none. Where that changes who sees them, you must manage both places.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file-set.moved");
        files.MapPost("/file-sets/tag", async (FileSetChanges changes, Actor actor, TagFileSets tag, CancellationToken cancellationToken) =>
                TypedResults.Ok(await changes.TagAsync(actor, tag.FileSets, cancellationToken)))
            .WithName("TagFileSets").WithSummary($"Give up to {ManyFileSets.Most} file sets their tags. Those that are refused stay as they were, and are told.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file-set.changed");
        files.MapPost("/file-sets/trash", async (FileSetTrash trash, Actor actor, TrashFileSets asked, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.TrashAllAsync(actor, asked.FileSets, cancellationToken)))
            .WithName("TrashFileSets").WithSummary($"Throw up to {ManyFileSets.Most} file sets away. Those that are refused stay, and are told.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file-set.trashed");
        files.MapPost("/downloads/zip", (ZipDownload zip, Actor actor, HttpContext context, CancellationToken cancellationToken) => zip.SendAsync(actor, context, cancellationToken))
            .WithName("DownloadZip").WithSummary("The current files of file sets as one zip archive, each dataset a folder in it; with texts of the metadata where the project keeps them, or sidecars=true asks.")
            .For(Caller.Anyone, Capabilities.Download).RecordsNothing("it changes nothing: a form can hold more ids than an address")
            .Accepts<ZipForm>(isOptional: true, "application/x-www-form-urlencoded", "*/*").Produces(StatusCodes.Status200OK, contentType: "application/zip");

        var sets = files.MapGroup("/file-sets/{id:guid}");
        sets.MapGet("", GetAsync).WithName("GetFileSet").WithSummary("A file set with its files, images and metadata.").For(Caller.Anyone, Capabilities.See);
        sets.MapPatch("", ChangeAsync).WithName("ChangeFileSet").WithSummary("Tag it. Licence, embargo, retention and hold need the capability manage.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file-set.changed");
        sets.MapPost("/move", MoveAsync).WithName("MoveFileSet").WithSummary("Put it into another dataset. Where that changes who sees it, you must manage both places.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("file-set.moved");
        sets.MapDelete("", async (FileSetTrash trash, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.TrashAsync(actor, id, context.ExpectedVersion(), cancellationToken)))
            .WithName("TrashFileSet").WithSummary("Throw it away. It can be put back.").For(Caller.SignedIn, Capabilities.Edit).Records("file-set.trashed");
        sets.MapPost("/extract", ExtractAsync).WithName("ReadFileSetAgain").WithSummary("Have it read again.")
            .For(Caller.SignedIn, Capabilities.Run).RecordsNothing("the reading itself is recorded when it is done");
        sets.MapGet("/metadata", (Artifacts artifacts, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                artifacts.SendAsync(actor, id, "original", null, context, cancellationToken))
            .WithName("GetOriginalMetadata").WithSummary("The vendor's metadata as they stand in the files.").For(Caller.Anyone, Capabilities.See);
        foreach (var (what, name, summary) in new[] { ("thumbnail", "GetThumbnail", "A small picture of an image."), ("preview", "GetPreview", "A picture of an image for a page."), ("spectrum", "GetMeanSpectrum", "The mean spectrum of a spectrum image: {low, high, spectra, logarithmicUnit}, lowest and highest mean of each of at most 2048 equal pieces of the axis.") })
            sets.MapGet($"/images/{{index:int}}/{what}", (Artifacts artifacts, Actor actor, HttpContext context, Guid id, int index, string? v, CancellationToken cancellationToken) =>
                    artifacts.SendAsync(actor, id, $"{what}-{index}", v, context, cancellationToken))
                .WithName(name).WithSummary(summary).For(Caller.Anyone, Capabilities.See);
        return api;
    }

    private static async Task<Ok<Page<ManifestEntry>>> ManifestAsync(NpgsqlDataSource database, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await FileQueries.ManifestAsync(connection, actor, id, limit, cursor, cancellationToken));
    }

    private static async Task<Ok<FileRecord>> GetFileAsync(NpgsqlDataSource database, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        context.SetVersion((await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.See, cancellationToken)).Version);
        return TypedResults.Ok(await FileQueries.ByIdAsync(connection, id, cancellationToken));
    }

    private static async Task<Ok<FileRecord>> RenameAsync(FileRenaming renaming, Actor actor, HttpContext context, Guid id, FilePatch patch, CancellationToken cancellationToken)
    {
        var (file, version) = await renaming.RenameAsync(actor, id, patch, context.ExpectedVersion(), cancellationToken);
        context.SetVersion(version);
        return TypedResults.Ok(file);
    }

    private static async Task<Ok<Page<FileRecord>>> VersionsAsync(NpgsqlDataSource database, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.See, cancellationToken);
        return TypedResults.Ok(new Page<FileRecord>(await FileQueries.VersionsAsync(connection, id, cancellationToken), null));
    }

    private static async Task<Ok<FileSetPage>> ListAsync(
        FileSetQueries queries, Actor actor, Guid id, bool? recursive, string? sort, string? filter, string? show, int? limit, string? cursor, int? offset, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queries.ListAsync(actor, id, new FileSetListing(recursive, sort, filter, show, limit, cursor, offset), cancellationToken));

    private static async Task<Ok<FileSetDetail>> GetAsync(FileSetQueries queries, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
        Answer(context, await queries.GetAsync(actor, id, cancellationToken));

    private static async Task<Ok<FileSetDetail>> ChangeAsync(FileSetChanges changes, Actor actor, HttpContext context, Guid id, FileSetPatch patch, CancellationToken cancellationToken) =>
        Answer(context, await changes.ChangeAsync(actor, id, patch, context.ExpectedVersion(), cancellationToken));

    private static async Task<Ok<FileSetDetail>> MoveAsync(FileSetMoves moves, FileSetQueries queries, Actor actor, HttpContext context, Guid id, MoveFileSet move, CancellationToken cancellationToken)
    {
        await moves.MoveAsync(actor, [new FileSetVersion(id, context.ExpectedVersion())], move.DatasetId, cancellationToken);
        return Answer(context, await queries.GetAsync(actor, id, cancellationToken));
    }

    private static async Task<Accepted> ExtractAsync(FileSetChanges changes, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await changes.ReadAgainAsync(actor, id, cancellationToken);
        return TypedResults.Accepted($"/api/v1/file-sets/{id}");
    }

    private static Ok<FileSetDetail> Answer(HttpContext context, FileSetDetail set)
    {
        context.SetVersion(set.Version);
        return TypedResults.Ok(set);
    }
}
