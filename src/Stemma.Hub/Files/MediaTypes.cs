using Microsoft.AspNetCore.StaticFiles;

namespace Stemma.Hub.Files;

/// <summary>Media types by extension: a hint for programs that download. What a file is, its reader says.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Provider = new(new Dictionary<string, string>(new FileExtensionContentTypeProvider().Mappings, StringComparer.OrdinalIgnoreCase)
    {
        [".mdoc"] = "text/plain", [".ome"] = "application/xml", [".dcm"] = "application/dicom",
        [".h5"] = "application/x-hdf5", [".hdf5"] = "application/x-hdf5", [".hspy"] = "application/x-hdf5", [".emd"] = "application/x-hdf5",
    });

    public static string Of(string path) => Provider.TryGetContentType(path[(path.LastIndexOf('/') + 1)..], out var type) ? type : Unknown;
}
