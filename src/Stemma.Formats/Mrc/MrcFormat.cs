using System.Buffers.Binary;

namespace Stemma.Formats.Mrc;

/// <summary>
/// MRC and CCP4 maps, image stacks and tilt series (<c>.mrc .mrcs .map .ccp4 .rec .st .ali</c>):
/// https://www.ccpem.ac.uk/mrc_format/mrc2014.php and https://bio3d.colorado.edu/imod/doc/mrc_format.txt.
/// </summary>
public sealed class MrcFormat : IFormat
{
    private static readonly string[] Extensions = [".mrc", ".mrcs", ".map", ".ccp4", ".rec", ".st", ".ali", ".preali"];

    public string Id => "mrc";

    public string Name => "MRC";

    public string ReaderVersion => "1";

    public string MappingVersion => "1";

    /// <summary>
    /// By the word "MAP" at byte 208 and sizes, mode and axis order that make sense. Before 2000 there was no such word: then the name must say so,
    /// and the header make sense all the more.
    /// </summary>
    public bool TryDetect(ReadOnlySpan<byte> header, string fileName)
    {
        if (header.Length < 16)
            return false;
        var hasMap = header.Length >= 212 && header.Slice(208, 3).SequenceEqual("MAP"u8);
        var named = Array.Exists(Extensions, extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        if (!hasMap && !named)
            return false;
        // DeltaVision files are a dialect with other extended headers and units.
        if (header.Length >= 98 && BinaryPrimitives.ReadUInt16LittleEndian(header[96..]) is 0xC0A0 or 0xA0C0)
            return false;
        return MrcHeader.IsPlausible(header, false, !hasMap) || MrcHeader.IsPlausible(header, true, !hasMap);
    }

    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken) =>
        ValueTask.FromResult(MrcReader.Identify(this, input));
}
