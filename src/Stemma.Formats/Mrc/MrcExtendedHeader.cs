using System.Text.Json.Nodes;
using Stemma.Formats.Binary;

namespace Stemma.Formats.Mrc;

/// <summary>What the extended header tells of each section, as columns: field name → one value per section.</summary>
/// <param name="Kind">Whose layout it is, for people.</param>
/// <param name="First">All fields of the first section, as written.</param>
/// <param name="Varying">Fields that differ between sections; as many values as <paramref name="Sections"/>.</param>
/// <param name="Valid">Fields of the first section that its bit masks call valid.</param>
internal sealed record MrcExtendedHeader(
    string Kind, int Sections, IReadOnlyDictionary<string, JsonValue> First, IReadOnlyDictionary<string, JsonArray> Varying, IReadOnlySet<string> Valid)
{
    /// <summary>Sections of which values are kept; files of more have them summarised.</summary>
    private const int MostSections = 2048;

    public double? Number(string field) =>
        Valid.Contains(field) && First.TryGetValue(field, out var value) && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number
        : Valid.Contains(field) && First.TryGetValue(field, out value) && value.TryGetValue<int>(out var integer) ? integer
        : null;

    public string? Text(string field) => Valid.Contains(field) && First.TryGetValue(field, out var value) && value.TryGetValue<string>(out var text) ? text : null;

    public JsonObject ToJson()
    {
        var first = new JsonObject();
        foreach (var (name, value) in First)
            first[name] = value.DeepClone();
        var json = new JsonObject { ["kind"] = Kind, ["sections"] = Sections, ["first"] = first };
        if (Varying.Count > 0)
        {
            var varying = new JsonObject();
            foreach (var (name, values) in Varying)
                varying[name] = values.DeepClone();
            json["varying"] = varying;
        }

        return json;
    }

    /// <summary>Recognizes and reads the extended header; null where there is none that we know.</summary>
    public static MrcExtendedHeader? TryRead(ByteSource file, MrcHeader header)
    {
        var length = Math.Min(header.Nsymbt, file.Length - MrcHeader.Length);
        if (length <= 0)
            return null;
        if (header.Exttyp is "FEI1" or "FEI2")
            return ReadFei(file, header, length);
        if (header.Exttyp is "SERI" or "" && SerialEmLayout(header) is { } serial)
            return ReadEntries(file, header.Exttyp == "SERI" ? "SerialEM" : "SerialEM (recognized by its layout)", serial, serial.Bytes, header, length, header.BigEndian);
        if (header.Exttyp is "" && header.Nsymbt == 131072)
            return ReadOldFei(file, header, length);
        return null;
    }

    /// <summary>Entries are packed little-endian and say their own size; what follows the last one is padding.</summary>
    private static MrcExtendedHeader? ReadFei(ByteSource file, MrcHeader header, long length)
    {
        var full = header.Exttyp == "FEI2" ? MrcExtendedLayout.Fei2 : MrcExtendedLayout.Fei1;
        if (length < 4 || file.Read<int>(MrcHeader.Length) is var size && (size < full.Bytes || size > length))
            return null;
        return ReadEntries(file, header.Exttyp, full, file.Read<int>(MrcHeader.Length), header, length, false);
    }

    private static MrcExtendedHeader? ReadOldFei(ByteSource file, MrcHeader header, long length)
    {
        var found = length < 128 ? null : ReadEntries(file, "FEI (128 bytes a section)", MrcExtendedLayout.OldFei, 128, header, length, header.BigEndian);
        // There is no sign of this kind but its length: tilt and pixel size must make sense.
        return found?.Number("a_tilt") is >= -180 and <= 180 && found.Number("pixel_size") is > 1e-13 and < 1e-3 ? found : null;
    }

    private static MrcExtendedLayout? SerialEmLayout(MrcHeader header)
    {
        var layout = MrcExtendedLayout.SerialEm(header.SerialEm.Contents);
        return header.SerialEm.BytesPerSection > 0 && layout.Bytes == header.SerialEm.BytesPerSection ? layout : null;
    }

    private static MrcExtendedHeader? ReadEntries(ByteSource file, string kind, MrcExtendedLayout layout, long step, MrcHeader header, long length, bool bigEndian)
    {
        var count = (int)Math.Min(Math.Min(header.Nz, length / step), MostSections);
        if (count < 1)
            return null;
        var entry = new byte[layout.Bytes];
        file.Read(MrcHeader.Length, entry);
        var (first, valid) = layout.Decode(entry, bigEndian);
        var columns = new Dictionary<string, List<JsonValue>>();
        var names = first.Keys.ToArray();
        for (var section = 1; section < count; section++)
        {
            file.Read(MrcHeader.Length + section * step, entry);
            var values = layout.Decode(entry, bigEndian).Values;
            foreach (var name in names)
            {
                if (columns.TryGetValue(name, out var column))
                    column.Add(values[name]);
                else if (!JsonNode.DeepEquals(first[name], values[name]))
                    columns[name] = [.. Enumerable.Repeat(first[name], section), values[name]];
            }
        }

        return new MrcExtendedHeader(
            kind, count, first, columns.ToDictionary(column => column.Key, column => new JsonArray([.. column.Value.Select(value => value.DeepClone())])), valid);
    }
}
