using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Stemma.Formats.Mrc;

/// <summary>
/// The 1,024 bytes at the beginning of an MRC file (MRC2014: https://www.ccpem.ac.uk/mrc_format/mrc2014.php,
/// doi:10.1016/j.jsb.2015.04.002). Names are those of the specification.
/// </summary>
internal sealed record MrcHeader
{
    public const int Length = 1024;

    public required bool BigEndian { get; init; }
    public required int Nx { get; init; }
    public required int Ny { get; init; }
    public required int Nz { get; init; }
    public required int Mode { get; init; }

    /// <summary>nxstart, nystart, nzstart: place of the first column, row and section in the unit cell.</summary>
    public required IReadOnlyList<int> Start { get; init; }

    /// <summary>mx, my, mz: sampling of the unit cell along X, Y, Z.</summary>
    public required IReadOnlyList<int> Sampling { get; init; }

    /// <summary>cella: size of the unit cell along X, Y, Z in Å.</summary>
    public required IReadOnlyList<float> CellLengths { get; init; }

    /// <summary>cellb: angles of the unit cell in degrees.</summary>
    public required IReadOnlyList<float> CellAngles { get; init; }

    /// <summary>mapc, mapr, maps: which of X, Y, Z (1, 2, 3) runs along columns, rows and sections.</summary>
    public required IReadOnlyList<int> AxisOrder { get; init; }

    public required float Dmin { get; init; }
    public required float Dmax { get; init; }
    public required float Dmean { get; init; }

    /// <summary>Space group: 0 images, 1 a volume, 401 a stack of volumes.</summary>
    public required int Ispg { get; init; }

    /// <summary>Bytes of the extended header.</summary>
    public required int Nsymbt { get; init; }

    /// <summary>Kind of the extended header: <c>FEI1</c>, <c>FEI2</c>, <c>SERI</c>, <c>AGAR</c>, <c>CCP4</c>, <c>MRCO</c>; empty where not said.</summary>
    public required string Exttyp { get; init; }

    public required int Nversion { get; init; }

    /// <summary>Bytes of SerialEM's extended header per section, and which values are in it.</summary>
    public required (short BytesPerSection, short Contents) SerialEm { get; init; }

    /// <summary>IMOD's flags; null without its stamp. Bit 0: bytes of mode 0 are signed.</summary>
    public required int? ImodFlags { get; init; }

    /// <summary>origin of X, Y, Z in Å.</summary>
    public required IReadOnlyList<float> Origin { get; init; }

    public required string Map { get; init; }

    /// <summary>The machine stamp as hexadecimal.</summary>
    public required string MachineStamp { get; init; }

    public required float Rms { get; init; }
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>
    /// Decodes the header in the byte order that the stamp names, or, since stamps are often missing or wrong, in the one that makes sense.
    /// </summary>
    /// <returns>Null where the bytes make no sense in either order.</returns>
    public static MrcHeader? TryDecode(ReadOnlySpan<byte> bytes)
    {
        var stampIsBig = bytes[212] == 0x11 && bytes[213] == 0x11;
        foreach (var strict in new[] { true, false })
            foreach (var bigEndian in new[] { stampIsBig, !stampIsBig })
                if (IsPlausible(bytes, bigEndian, strict))
                    return Decode(bytes, bigEndian);
        return null;
    }

    /// <summary>Whether a beginning of a file (at least 16 bytes, the more the better) can be an MRC header in this byte order.</summary>
    /// <param name="strict">The axis order must be legal too.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> bytes, bool bigEndian, bool strict)
    {
        for (var word = 0; word < 3; word++)
            if (Int32(bytes, word, bigEndian) < 1)
                return false;
        if (!MrcMode.IsKnown(Int32(bytes, 3, bigEndian)))
            return false;
        if (bytes.Length < 96)
            return true;
        return Int32(bytes, 23, bigEndian) >= 0 && (!strict || IsAxisOrder(Int32(bytes, 16, bigEndian), Int32(bytes, 17, bigEndian), Int32(bytes, 18, bigEndian)));
    }

    public static bool IsAxisOrder(int columns, int rows, int sections) =>
        (columns, rows, sections) == (0, 0, 0) || (columns is >= 1 and <= 3 && rows is >= 1 and <= 3 && sections is >= 1 and <= 3 && columns != rows && rows != sections && sections != columns);

    /// <summary>The header as JSON, keys and values as in the file.</summary>
    public JsonObject ToJson() => new()
    {
        ["nx"] = Nx,
        ["ny"] = Ny,
        ["nz"] = Nz,
        ["mode"] = Mode,
        ["nxstart"] = Start[0],
        ["nystart"] = Start[1],
        ["nzstart"] = Start[2],
        ["mx"] = Sampling[0],
        ["my"] = Sampling[1],
        ["mz"] = Sampling[2],
        ["cella"] = Xyz(CellLengths),
        ["cellb"] = new JsonObject { ["alpha"] = MrcJson.Number(CellAngles[0]), ["beta"] = MrcJson.Number(CellAngles[1]), ["gamma"] = MrcJson.Number(CellAngles[2]) },
        ["mapc"] = AxisOrder[0],
        ["mapr"] = AxisOrder[1],
        ["maps"] = AxisOrder[2],
        ["dmin"] = MrcJson.Number(Dmin),
        ["dmax"] = MrcJson.Number(Dmax),
        ["dmean"] = MrcJson.Number(Dmean),
        ["ispg"] = Ispg,
        ["nsymbt"] = Nsymbt,
        ["exttyp"] = Exttyp,
        ["nversion"] = Nversion,
        ["nint"] = SerialEm.BytesPerSection,
        ["nreal"] = SerialEm.Contents,
        ["imodFlags"] = ImodFlags,
        ["origin"] = Xyz(Origin),
        ["map"] = Map,
        ["machst"] = MachineStamp,
        ["rms"] = MrcJson.Number(Rms),
        ["nlabl"] = Labels.Count,
        ["label"] = new JsonArray([.. Labels.Select(label => JsonValue.Create(label))]),
    };

    private static JsonObject Xyz(IReadOnlyList<float> values) =>
        new() { ["x"] = MrcJson.Number(values[0]), ["y"] = MrcJson.Number(values[1]), ["z"] = MrcJson.Number(values[2]) };

    private static MrcHeader Decode(ReadOnlySpan<byte> bytes, bool big) => new()
    {
        BigEndian = big,
        Nx = Int32(bytes, 0, big),
        Ny = Int32(bytes, 1, big),
        Nz = Int32(bytes, 2, big),
        Mode = Int32(bytes, 3, big),
        Start = [Int32(bytes, 4, big), Int32(bytes, 5, big), Int32(bytes, 6, big)],
        Sampling = [Int32(bytes, 7, big), Int32(bytes, 8, big), Int32(bytes, 9, big)],
        CellLengths = [Single(bytes, 10, big), Single(bytes, 11, big), Single(bytes, 12, big)],
        CellAngles = [Single(bytes, 13, big), Single(bytes, 14, big), Single(bytes, 15, big)],
        AxisOrder = [Int32(bytes, 16, big), Int32(bytes, 17, big), Int32(bytes, 18, big)],
        Dmin = Single(bytes, 19, big),
        Dmax = Single(bytes, 20, big),
        Dmean = Single(bytes, 21, big),
        Ispg = Int32(bytes, 22, big),
        Nsymbt = Int32(bytes, 23, big),
        Exttyp = MrcJson.Text(bytes.Slice(104, 4)),
        Nversion = Int32(bytes, 27, big),
        SerialEm = (Int16(bytes, 128, big), Int16(bytes, 130, big)),
        ImodFlags = Int32(bytes, 38, big) == 1146047817 ? Int32(bytes, 39, big) : null,
        Origin = [Single(bytes, 49, big), Single(bytes, 50, big), Single(bytes, 51, big)],
        Map = MrcJson.Text(bytes.Slice(208, 4)),
        MachineStamp = Convert.ToHexString(bytes.Slice(212, 4)),
        Rms = Single(bytes, 54, big),
        Labels = ReadLabels(bytes, Int32(bytes, 55, big)),
    };

    private static string[] ReadLabels(ReadOnlySpan<byte> bytes, int count)
    {
        var labels = new string[Math.Clamp(count, 0, 10)];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = MrcJson.Text(bytes.Slice(224 + 80 * i, 80));
        return labels;
    }

    private static short Int16(ReadOnlySpan<byte> bytes, int offset, bool big) =>
        big ? BinaryPrimitives.ReadInt16BigEndian(bytes[offset..]) : BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);

    private static int Int32(ReadOnlySpan<byte> bytes, int word, bool big) =>
        big ? BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * word)..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * word)..]);

    private static float Single(ReadOnlySpan<byte> bytes, int word, bool big) =>
        big ? BinaryPrimitives.ReadSingleBigEndian(bytes[(4 * word)..]) : BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * word)..]);
}
