using Stemma.Formats.Tiff.Structure;

namespace Stemma.Formats.Tiff;

/// <summary>
/// TIFF and BigTIFF with the dialects of microscopes and imaging programs: OME-TIFF, ImageJ, FEI/Thermo, Zeiss, JEOL, Olympus SIS, Gatan, Hamamatsu,
/// MetaMorph. Source: TIFF 6.0 (Adobe, 1992) with its technical notes; OME-TIFF 6 specification; the vendors' private tags as found in their files.
/// </summary>
/// <remarks>
/// Palette indices and MinIsWhite values are given as stored. Compressions: none, LZW, deflate, PackBits; for others
/// <see cref="UnsupportedVariantException"/> names compression and page, and <see cref="FormatRegistry"/> tries the next format.
/// </remarks>
public sealed class TiffFormat : IFormat
{
    public string Id => "tiff";

    public string Name => "TIFF";

    public string ReaderVersion => "2";

    public string MappingVersion => "1";

    /// <remarks>A DICOM file may carry a TIFF header in its preamble; it is left to the DICOM reader.</remarks>
    public bool TryDetect(ReadOnlySpan<byte> header, string fileName) =>
        TiffFile.IsTiff(header, out _, out _) && !(header.Length >= 132 && header.Slice(128, 4).SequenceEqual("DICM"u8)) || OmeCompanion.Is(header);

    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new TiffReader(this, input).Read());
    }
}
