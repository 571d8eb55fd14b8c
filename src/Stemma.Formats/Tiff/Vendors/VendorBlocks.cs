using Stemma.Formats.Tiff.Structure;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>Finds the vendors' blocks of a file, the most telling first.</summary>
internal static class VendorBlocks
{
    public static List<ITiffMetadata> Read(TiffFile file, List<string> warnings)
    {
        var found = new List<ITiffMetadata>();
        Func<TiffFile, List<string>, ITiffMetadata?>[] readers =
        [
            FeiMetadata.TryRead, ZeissMetadata.TryRead, JeolMetadata.TryRead, SisMetadata.TryRead, GatanMetadata.TryRead,
            HamamatsuMetadata.TryRead, MetaMorphMetadata.TryRead, MicroManagerMetadata.TryRead, ImageJMetadata.TryRead,
        ];
        foreach (var read in readers)
        {
            try
            {
                if (read(file, warnings) is { } metadata)
                    found.Add(metadata);
            }
            catch (MalformedFileException broken)
            {
                // The pixels are worth having without the vendor's block; its raw tags stay in the directory's listing.
                warnings.Add($"Vendor metadata was not understood: {broken.Message}");
            }
        }

        return found;
    }
}
