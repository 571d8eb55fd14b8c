using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Stemma.Formats.Mrc;

/// <summary>Fields of one entry of an extended header, packed one behind the other.</summary>
internal sealed record MrcExtendedLayout(IReadOnlyList<MrcExtendedLayout.Field> Fields)
{
    internal enum Kind { Int16, Int32, Int64, Float32, Float64, Flag, Text, Mask, SerialEmDose, Unused }

    internal readonly record struct Field(string Name, Kind Kind, int Bytes);

    public int Bytes { get; } = Fields.Sum(field => field.Bytes);

    /// <summary>
    /// Thermo Fisher's layout of 768 bytes (https://github.com/ccpem/mrcfile names it FEI1). A bit mask says for the fields up to the next mask,
    /// one bit each from the lowest, whether they are valid.
    /// </summary>
    public static MrcExtendedLayout Fei1 { get; } = new(
    [
        I4("Metadata size"), I4("Metadata version"),
        Mask("Bitmask 1"), F8("Timestamp"), Text("Microscope type"), Text("D-Number"), Text("Application"), Text("Application version"),
        F8("HT"), F8("Dose"), F8("Alpha tilt"), F8("Beta tilt"), F8("X-Stage"), F8("Y-Stage"), F8("Z-Stage"), F8("Tilt axis angle"), F8("Dual axis rotation"),
        F8("Pixel size X"), F8("Pixel size Y"), Unused(8), Unused(8), Unused(8), Unused(8), Unused(8), Unused(8),
        F8("Defocus"), F8("STEM Defocus"), F8("Applied defocus"), I4("Instrument mode"), I4("Projection mode"), Text("Objective lens mode"),
        Text("High magnification mode"), I4("Probe mode"), Flag("EFTEM On"), F8("Magnification"),
        Mask("Bitmask 2"), F8("Camera length"), I4("Spot index"), F8("Illuminated area"), F8("Intensity"), F8("Convergence angle"), Text("Illumination mode"),
        Flag("Wide convergence angle range"), Flag("Slit inserted"), F8("Slit width"), F8("Acceleration voltage offset"), F8("Drift tube voltage"), F8("Energy shift"),
        F8("Shift offset X"), F8("Shift offset Y"), F8("Shift X"), F8("Shift Y"), F8("Integration time"), I4("Binning Width"), I4("Binning Height"), Text("Camera name"),
        I4("Readout area left"), I4("Readout area top"), I4("Readout area right"), I4("Readout area bottom"), Flag("Ceta noise reduction"), I4("Ceta frames summed"),
        Flag("Direct detector electron counting"), Flag("Direct detector align frames"), Unused(4), Unused(4), Unused(4), Unused(4),
        Mask("Bitmask 3"), Unused(4), Unused(4), Unused(4), Unused(4), Unused(4), Unused(4), Flag("Phase Plate"), Text("STEM Detector name"), F8("Gain"), F8("Offset"),
        Unused(4), Unused(4), Unused(4), Unused(4), Unused(4), F8("Dwell time"), F8("Frame time"), I4("Scan size left"), I4("Scan size top"), I4("Scan size right"),
        I4("Scan size bottom"), F8("Full scan FOV X"), F8("Full scan FOV Y"), Text("Element"), F8("Energy interval lower"), F8("Energy interval higher"), I4("Method"),
        Flag("Is dose fraction"), I4("Fraction number"), I4("Start frame"), I4("End frame"), new Field("Input stack filename", Kind.Text, 80),
        Mask("Bitmask 4"), F8("Alpha tilt min"), F8("Alpha tilt max"),
    ]);

    /// <summary>The same with 120 bytes more.</summary>
    public static MrcExtendedLayout Fei2 { get; } = new(
    [
        .. Fei1.Fields,
        F8("Scan rotation"), F8("Diffraction pattern rotation"), F8("Image rotation"), I4("Scan mode enumeration"), new Field("Acquisition time stamp", Kind.Int64, 8),
        Text("Detector commercial name"), F8("Start tilt angle"), F8("End tilt angle"), F8("Tilt per image"), F8("Tilt speed"), I4("Beam center X pixel"), I4("Beam center Y pixel"),
        new Field("CFEG flash timestamp", Kind.Int64, 8), I4("Phase plate position index"), Text("Objective aperture name"),
    ]);

    /// <summary>FEI's tomography software before 2014: 32 numbers a section, of which 16 are used. Angles in degrees, lengths in m.</summary>
    public static MrcExtendedLayout OldFei { get; } = new(
    [
        F4("a_tilt"), F4("b_tilt"), F4("x_stage"), F4("y_stage"), F4("z_stage"), F4("x_shift"), F4("y_shift"), F4("defocus"), F4("exp_time"), F4("mean_int"), F4("tilt_axis"),
        F4("pixel_size"), F4("magnification"), F4("ht"), F4("binning"), F4("appliedDefocus"), Unused(64),
    ]);

    /// <summary>SerialEM and IMOD (https://bio3d.colorado.edu/imod/doc/mrc_format.txt): which values are there is said bit by bit.</summary>
    public static MrcExtendedLayout SerialEm(int contents)
    {
        var fields = new List<Field>();
        if ((contents & 1) != 0)
            fields.Add(I2("tilt angle × 100 (°)"));
        if ((contents & 2) != 0)
            fields.AddRange([I2("piece x (px)"), I2("piece y (px)"), I2("piece z")]);
        if ((contents & 4) != 0)
            fields.AddRange([I2("stage x × 25 (µm)"), I2("stage y × 25 (µm)")]);
        if ((contents & 8) != 0)
            fields.Add(I2("magnification / 100"));
        if ((contents & 16) != 0)
            fields.Add(I2("intensity × 25000"));
        if ((contents & 32) != 0)
            fields.Add(new Field("exposure dose (e/Å²)", Kind.SerialEmDose, 4));
        return new MrcExtendedLayout(fields);
    }

    /// <summary>All fields of an entry, and the names of those that are valid.</summary>
    public (Dictionary<string, JsonValue> Values, HashSet<string> Valid) Decode(ReadOnlySpan<byte> entry, bool bigEndian)
    {
        var values = new Dictionary<string, JsonValue>();
        var valid = new HashSet<string>();
        uint? mask = null;
        var bit = 0;
        foreach (var field in Fields)
        {
            var bytes = entry[..field.Bytes];
            entry = entry[field.Bytes..];
            if (field.Kind == Kind.Mask)
            {
                mask = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                bit = -1;
                values[field.Name] = JsonValue.Create(mask.Value);
            }
            else if (field.Kind != Kind.Unused)
            {
                values[field.Name] = Value(field.Kind, bytes, bigEndian);
                if (mask is null || (mask.Value >> bit & 1) != 0)
                    valid.Add(field.Name);
            }

            bit++;
        }

        return (values, valid);
    }

    private static JsonValue Value(Kind kind, ReadOnlySpan<byte> bytes, bool big)
    {
        switch (kind)
        {
            case Kind.Int16: return JsonValue.Create((int)(big ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes)));
            case Kind.Int32: return JsonValue.Create(big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes));
            case Kind.Int64: return JsonValue.Create(big ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes));
            // As float64 through its shortest text: 0.1f stays 0.1.
            case Kind.Float32: return MrcJson.Number(double.Parse((big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes)).ToString()));
            case Kind.Float64: return MrcJson.Number(big ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes));
            case Kind.Flag: return JsonValue.Create(bytes[0] != 0);
            case Kind.Text: return JsonValue.Create(MrcJson.Text(bytes));
            default:
                var high = big ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes);
                var low = big ? BinaryPrimitives.ReadInt16BigEndian(bytes[2..]) : BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]);
                // SerialEM's own float in two shorts: sign and 24 bits of mantissa, power of two in the upper part of the second.
                var mantissa = Math.Sign(high) * (Math.Abs((int)high) * 256 + Math.Abs((int)low) % 256);
                return MrcJson.Number(Math.ScaleB(mantissa, Math.Sign(low) * (Math.Abs((int)low) / 256)));
        }
    }

    private static Field I2(string name) => new(name, Kind.Int16, 2);

    private static Field I4(string name) => new(name, Kind.Int32, 4);

    private static Field F4(string name) => new(name, Kind.Float32, 4);

    private static Field F8(string name) => new(name, Kind.Float64, 8);

    private static Field Text(string name) => new(name, Kind.Text, 16);

    private static Field Flag(string name) => new(name, Kind.Flag, 1);

    private static Field Mask(string name) => new(name, Kind.Mask, 4);

    private static Field Unused(int bytes) => new("", Kind.Unused, bytes);
}
