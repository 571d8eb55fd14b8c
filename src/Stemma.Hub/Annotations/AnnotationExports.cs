using System.Data;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Annotations.GeoJson;
using Stemma.Hub.Annotations.OmeXml;
using Stemma.Hub.Files;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <summary>The annotations of one image as a file, for other programs.</summary>
internal sealed class AnnotationExports(NpgsqlDataSource database)
{
    private const int FlushBytes = 64 << 10;

    public async Task SendGeoJsonAsync(Actor actor, Guid set, int image, string? coordinates, HttpContext context, CancellationToken cancellationToken)
    {
        var isCalibrated = coordinates switch
        {
            null or GeoJsonWriter.Pixel => false,
            GeoJsonWriter.Calibrated => true,
            _ => throw Problem.Invalid($"coordinates must be {GeoJsonWriter.Pixel} or {GeoJsonWriter.Calibrated}, but is \"{coordinates}\"."),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var plane = await ImagePlane.FindAsync(connection, set, image, cancellationToken);
        if (isCalibrated && plane?.Calibration is null)
            throw Problem.Conflict("not-calibrated", $"Image {image} of \"{owner.Name}\" is not calibrated: only pixel coordinates can be given. Ask with ?coordinates=pixel.");
        Name(context, owner, image, "application/geo+json", "geojson");
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var writer = new GeoJsonWriter(json, plane?.Calibration, isCalibrated);
        writer.Begin(plane?.Title ?? owner.Name);
        await foreach (var row in AnnotationQueries.AllAsync(connection, set, image, cancellationToken))
        {
            writer.Write(row);
            if (json.BytesPending + context.Response.BodyWriter.UnflushedBytes > FlushBytes)
            {
                await json.FlushAsync(cancellationToken);
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        writer.End();
    }

    public async Task SendOmeXmlAsync(Actor actor, Guid set, int image, HttpContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // What is told first fits what follows.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var plane = await ImagePlane.FindAsync(connection, set, image, cancellationToken);
        var marked = await AnnotationQueries.MarkedAsync(connection, set, image, cancellationToken);
        Name(context, owner, image, "application/xml", "ome.xml");
        using var writer = new OmeXmlWriter(context.Response.Body);
        await writer.WriteAsync(owner.Name, plane, marked, AnnotationQueries.AllAsync(connection, set, image, cancellationToken), cancellationToken);
    }

    private static void Name(HttpContext context, FileSetRow owner, int image, string mediaType, string extension)
    {
        var name = $"{Path.GetFileNameWithoutExtension(owner.Name)}-image-{image + 1}-annotations.{extension}";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        context.Response.ContentType = mediaType;
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "no-store";
    }
}
