using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Stemma.Formats.Binary;
using Stemma.Imaging;

namespace Stemma.Formats.Mrc;

/// <summary>Reads header and extended header, and describes the one image of the file.</summary>
internal static class MrcReader
{
    /// <summary>A file may lack this much of its pixels whatever their share; more only if it has at least 1 part in 64 of them.</summary>
    private const long SmallLossBytes = 256L * 1024 * 1024;

    public static FileSetContent Identify(IFormat format, FileSetInput input)
    {
        var file = new ByteSource(input.Primary);
        try
        {
            if (file.Length < MrcHeader.Length)
                throw new MalformedFileException(file.Name, 0, $"an MRC header of {MrcHeader.Length} bytes", $"{file.Length} bytes");
            var header = MrcHeader.TryDecode(file.ReadBytes(0, MrcHeader.Length))
                ?? throw new MalformedFileException(file.Name, 0, "an MRC header", "sizes and a mode that make no sense in either byte order");
            var warnings = new List<string>();
            var axes = MrcAxes.From(header, warnings);
            var extended = MrcExtendedHeader.TryRead(file, header);
            if (header.Nsymbt > 0 && extended is null)
                warnings.Add($"The extended header ({header.Nsymbt} bytes{(header.Exttyp.Length > 0 ? $" of kind {header.Exttyp}" : "")}) is not read.");
            var description = new ImageDescription(null, MrcMode.PixelType(header), axes) { Partial = Missing(file, header) };
            if (description.Partial is { } missing)
                warnings.Add(missing);

            var original = new JsonObject { ["header"] = header.ToJson() };
            if (extended is not null)
                original["extendedHeader"] = extended.ToJson();
            return new FileSetContent(format, file)
            {
                Variant = extended is null ? null : $"MRC with extended header of {extended.Kind}",
                Images = [Source(file, header, description)],
                Original = original,
                Acquisition = MrcAcquisition.From(axes, extended, header.Labels),
                Warnings = warnings,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long DataOffset(MrcHeader header) => MrcHeader.Length + (long)header.Nsymbt;

    /// <summary>What is missing of the pixels; null where all are there. Files are short while a microscope still writes them.</summary>
    /// <exception cref="MalformedFileException">So much is missing that the header cannot be right.</exception>
    private static string? Missing(ByteSource file, MrcHeader header)
    {
        var needed = (Int128)MrcMode.RowBytes(header.Mode, header.Nx) * header.Ny * header.Nz;
        var present = file.Length - DataOffset(header);
        if (present >= needed)
            return null;
        if (present <= 0 || needed > long.MaxValue / 32 || (needed - present > SmallLossBytes && needed / 64 > present))
            throw new MalformedFileException(file.Name, DataOffset(header), $"{needed} bytes of pixels ({header.Nx} × {header.Ny} × {header.Nz}, mode {header.Mode})", $"{Math.Max(0, present)} bytes");
        var sectionBytes = MrcMode.RowBytes(header.Mode, header.Nx) * header.Ny;
        return $"The file ends after {present} of {needed} bytes of pixels: {present / sectionBytes} of {header.Nz} sections are complete, what is missing reads as 0.";
    }

    private static IImageSource Source(ByteSource file, MrcHeader header, ImageDescription description)
    {
        var offset = DataOffset(header);
        switch (header.Mode)
        {
            case 3:
                var parts = description with { PixelType = PixelType.Int16, Axes = [.. description.Axes, new Axis("part", 2)] };
                return new ConvertedImageSource(new RawImageSource(file, offset, parts, header.BigEndian), description, ToComplex);
            case 101:
                var columns = description.Axes[^1];
                var packed = description with { Axes = [.. description.Axes.SkipLast(1), new Axis(columns.Name, MrcMode.RowBytes(101, columns.Size))] };
                return new NibbleImageSource(new RawImageSource(file, offset, packed), description);
            default:
                return new RawImageSource(file, offset, description, header.BigEndian);
        }
    }

    private static void ToComplex(ReadOnlySpan<byte> stored, Span<byte> pixels)
    {
        for (var i = 0; i < stored.Length / 2; i++)
            BinaryPrimitives.WriteSingleLittleEndian(pixels[(4 * i)..], BinaryPrimitives.ReadInt16LittleEndian(stored[(2 * i)..]));
    }
}
