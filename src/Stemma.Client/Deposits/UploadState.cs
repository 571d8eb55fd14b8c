using System.Globalization;

namespace Stemma.Client;

/// <summary>What the hub says of an upload.</summary>
/// <param name="Offset">Bytes that have arrived.</param>
/// <param name="File">The file that it became; null until the end.</param>
internal sealed record UploadState(long Offset, Guid? File, Guid? FileSet)
{
    public static UploadState From(HttpResponseMessage response) =>
        long.TryParse(Header(response, "Upload-Offset"), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new UploadState(offset, Id(response, "Stemma-File"), Id(response, "Stemma-File-Set"))
            : throw new StemmaProblemException("about:blank", (int)response.StatusCode, "No offset came back",
                $"Asked {response.RequestMessage?.RequestUri} how far the upload is; the answer has no Upload-Offset. Check the address of the hub.");

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static Guid? Id(HttpResponseMessage response, string name) => Guid.TryParse(Header(response, name), out var id) ? id : null;
}
