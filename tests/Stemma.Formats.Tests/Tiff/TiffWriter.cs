using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Stemma.Formats.Tests.Tiff;

/// <summary>Layout of a TIFF to be made.</summary>
public sealed record TiffLayout
{
    public bool BigEndian { get; init; }
    public bool BigTiff { get; init; }
    public int Width { get; init; } = 37;
    public int Height { get; init; } = 23;
    public int Samples { get; init; } = 1;
    public int Bits { get; init; } = 8;

    /// <summary>SampleFormat: 1 unsigned, 2 signed, 3 floating, 5 complex integer, 6 complex.</summary>
    public int Format { get; init; } = 1;

    public int Photometric { get; init; } = 1;
    public int Compression { get; init; } = 1;
    public int Predictor { get; init; } = 1;
    public bool Planar { get; init; }
    public bool OldLzw { get; init; }
    public int FillOrder { get; init; } = 1;

    /// <summary>Width and height of tiles; null means strips.</summary>
    public (int Width, int Height)? Tile { get; init; }

    public int RowsPerStrip { get; init; } = 7;
    public int Pages { get; init; } = 1;

    /// <summary>Further tags of every page: tag, type, count, bytes in the file's order.</summary>
    public IReadOnlyList<(ushort Tag, ushort Type, int Count, byte[] Bytes)> Extra { get; init; } = [];

    /// <summary>SubIFDs of the first page, each with its own layout.</summary>
    public IReadOnlyList<TiffLayout> Children { get; init; } = [];

    public int PartBits => Format is 5 or 6 ? Bits / 2 : Bits;

    public int Parts => Format is 5 or 6 ? 2 : 1;
}

/// <summary>Writes TIFF files in the plainest way, for tests: its own bit packing, predictors and encoders.</summary>
public sealed class TiffWriter(TiffLayout layout)
{
    private readonly List<byte> _out = [];

    /// <summary>The raw bits of one part of a sample; any function of its place that does not repeat.</summary>
    public static ulong Raw(TiffLayout layout, int page, int y, int x, int sample, int part)
    {
        var value = (ulong)((((page * 131 + y) * 257 + x) * 7 + sample) * 3 + part) * 0x9E3779B97F4A7C15UL;
        // Smooth along rows, so that predictors and run lengths have something to do.
        value = (y + page) % 3 == 0 ? (ulong)(x / 5 + y + sample * 40 + part) : value >> 13;
        var mask = layout.PartBits == 64 ? ulong.MaxValue : (1UL << layout.PartBits) - 1;
        value &= mask;
        // No NaN: payloads need not survive a change of width.
        return layout.Format == 3 && layout.Bits == 24 ? value & 0xBFFFFF : value;
    }

    public byte[] Write()
    {
        _out.AddRange(layout.BigEndian ? "MM"u8 : "II"u8);
        if (layout.BigTiff)
            _out.AddRange([.. Int(43, 2), .. Int(8, 2), .. Int(0, 2), .. Int(0, 8)]);
        else
            _out.AddRange([.. Int(42, 2), .. Int(0, 4)]);
        var link = layout.BigTiff ? 8 : 4;
        for (var page = 0; page < layout.Pages; page++)
        {
            var children = page == 0 ? layout.Children.Select((child, i) => Page(child, 1000 + i, [], out _)).ToArray() : [];
            var at = Page(layout, page, children, out var next);
            Patch(link, at);
            link = next;
        }

        return [.. _out];
    }

    /// <summary>Offset of the first directory's entry for a tag, for damaging it.</summary>
    public static int EntryOf(byte[] file, ushort tag)
    {
        var big = file[0] == 'M';
        int U(int at, int bytes) => (int)(big ? bytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at))
            : bytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)));
        var directory = U(4, 4);
        for (var i = 0; i < U(directory, 2); i++)
            if (U(directory + 2 + 12 * i, 2) == tag)
                return directory + 2 + 12 * i;
        throw new ArgumentException($"The first directory has no tag {tag}.");
    }

    private int Page(TiffLayout page, int number, int[] children, out int next)
    {
        var (segmentWidth, segmentHeight) = page.Tile ?? (page.Width, page.RowsPerStrip);
        List<long> offsets = [], counts = [];
        for (var plane = 0; plane < (page.Planar ? page.Samples : 1); plane++)
            for (var top = 0; top < page.Height; top += segmentHeight)
                for (var left = 0; left < page.Width; left += segmentWidth)
                {
                    var rows = page.Tile is null ? Math.Min(segmentHeight, page.Height - top) : segmentHeight;
                    var bytes = Segment(page, number, plane, top, left, rows, segmentWidth);
                    offsets.Add(_out.Count);
                    counts.Add(bytes.Length);
                    _out.AddRange(bytes);
                }

        var wide = layout.BigTiff ? 8 : 4;
        var type = (ushort)(layout.BigTiff ? 16 : 4);
        var tags = new SortedDictionary<ushort, (ushort Type, int Count, byte[] Bytes)>
        {
            [256] = (3, 1, Int(page.Width, 2)),
            [257] = (3, 1, Int(page.Height, 2)),
            [258] = (3, page.Samples, Many(page.Samples, page.Bits, 2)),
            [259] = (3, 1, Int(page.Compression, 2)),
            [262] = (3, 1, Int(page.Photometric, 2)),
            [266] = (3, 1, Int(page.FillOrder, 2)),
            [277] = (3, 1, Int(page.Samples, 2)),
            [284] = (3, 1, Int(page.Planar ? 2 : 1, 2)),
            [317] = (3, 1, Int(page.Predictor, 2)),
            [339] = (3, page.Samples, Many(page.Samples, page.Format, 2)),
        };
        var offsetBytes = offsets.SelectMany(offset => Int(offset, wide)).ToArray();
        var countBytes = counts.SelectMany(count => Int(count, wide)).ToArray();
        if (page.Tile is { } tile)
        {
            tags[322] = (3, 1, Int(tile.Width, 2));
            tags[323] = (3, 1, Int(tile.Height, 2));
            tags[324] = (type, offsets.Count, offsetBytes);
            tags[325] = (type, counts.Count, countBytes);
        }
        else
        {
            tags[273] = (type, offsets.Count, offsetBytes);
            tags[278] = (3, 1, Int(page.RowsPerStrip, 2));
            tags[279] = (type, counts.Count, countBytes);
        }

        if (children.Length > 0)
            tags[330] = (type, children.Length, [.. children.SelectMany(child => Int(child, wide))]);
        foreach (var (tag, extraType, count, bytes) in page.Extra)
            tags[tag] = (extraType, count, bytes);
        return Directory(tags, out next);
    }

    private int Directory(SortedDictionary<ushort, (ushort Type, int Count, byte[] Bytes)> tags, out int next)
    {
        var inline = layout.BigTiff ? 8 : 4;
        var places = new Dictionary<ushort, int>();
        foreach (var (tag, value) in tags)
            if (value.Bytes.Length > inline)
            {
                places[tag] = _out.Count;
                _out.AddRange(value.Bytes);
            }

        if (_out.Count % 2 == 1)
            _out.Add(0);
        var at = _out.Count;
        _out.AddRange(Int(tags.Count, layout.BigTiff ? 8 : 2));
        foreach (var (tag, value) in tags)
        {
            _out.AddRange(Int(tag, 2));
            _out.AddRange(Int(value.Type, 2));
            _out.AddRange(Int(value.Count, inline));
            _out.AddRange(places.TryGetValue(tag, out var place) ? Int(place, inline) : [.. value.Bytes, .. new byte[inline - value.Bytes.Length]]);
        }

        next = _out.Count;
        _out.AddRange(Int(0, inline));
        return at;
    }

    private byte[] Segment(TiffLayout page, int number, int plane, int top, int left, int rows, int width)
    {
        var packed = new List<byte>();
        var together = page.Planar ? 1 : page.Samples;
        for (var row = 0; row < rows; row++)
        {
            var values = new ulong[width * together * page.Parts];
            for (var column = 0; column < width; column++)
                for (var s = 0; s < together; s++)
                    for (var part = 0; part < page.Parts; part++)
                        // Beyond the image's edge tiles hold copies of the edge.
                        values[(column * together + s) * page.Parts + part] = Raw(
                            page, number, Math.Min(top + row, page.Height - 1), Math.Min(left + column, page.Width - 1), page.Planar ? plane : s, part);
            packed.AddRange(Row(page, values, together));
        }

        var coded = page.Compression switch
        {
            5 => Lzw([.. packed], page.OldLzw),
            8 or 32946 => Zlib([.. packed]),
            32773 => PackBits([.. packed]),
            _ => [.. packed],
        };
        return page.FillOrder == 2 ? [.. coded.Select(b => Convert.ToByte(new string([.. Convert.ToString(b, 2).PadLeft(8, '0').Reverse()]), 2))] : coded;
    }

    private byte[] Row(TiffLayout page, ulong[] values, int together)
    {
        var bits = page.PartBits;
        if (page.Predictor == 2)
            for (var i = values.Length - 1; i >= together; i--)
                values[i] = values[i] - values[i - together] & (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1);
        if (page.Predictor == 3)
        {
            var bytes = bits / 8;
            var planes = new byte[values.Length * bytes];
            for (var i = 0; i < values.Length; i++)
                for (var b = 0; b < bytes; b++)
                    planes[b * values.Length + i] = (byte)(values[i] >> 8 * (bytes - 1 - b));
            for (var i = planes.Length - 1; i >= together; i--)
                planes[i] -= planes[i - together];
            return planes;
        }

        if (bits % 8 == 0)
            return [.. values.SelectMany(value => Bytes(value, bits / 8))];
        var text = new StringBuilder();
        foreach (var value in values)
            for (var bit = bits - 1; bit >= 0; bit--)
                text.Append((value >> bit & 1) == 1 ? '1' : '0');
        while (text.Length % 8 != 0)
            text.Append('0');
        return [.. Enumerable.Range(0, text.Length / 8).Select(i => Convert.ToByte(text.ToString(i * 8, 8), 2))];
    }

    private void Patch(int at, int value)
    {
        var bytes = Int(value, layout.BigTiff ? 8 : 4);
        for (var i = 0; i < bytes.Length; i++)
            _out[at + i] = bytes[i];
    }

    private byte[] Many(int count, long value, int bytes) => [.. Enumerable.Repeat(value, count).SelectMany(one => Int(one, bytes))];

    private byte[] Int(long value, int bytes) => Bytes((ulong)value, bytes);

    private byte[] Bytes(ulong value, int bytes)
    {
        var result = Enumerable.Range(0, bytes).Select(i => (byte)(value >> 8 * i)).ToArray();
        if (layout.BigEndian)
            Array.Reverse(result);
        return result;
    }

    private static byte[] Zlib(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal))
            zlib.Write(bytes);
        return stream.ToArray();
    }

    private static byte[] PackBits(byte[] bytes)
    {
        var coded = new List<byte>();
        for (var i = 0; i < bytes.Length;)
        {
            var run = 1;
            while (run < 128 && i + run < bytes.Length && bytes[i + run] == bytes[i])
                run++;
            if (run > 1)
            {
                coded.AddRange([(byte)(1 - run), bytes[i]]);
            }
            else
            {
                while (run < 128 && i + run < bytes.Length && (i + run + 1 >= bytes.Length || bytes[i + run] != bytes[i + run + 1]))
                    run++;
                coded.Add((byte)(run - 1));
                coded.AddRange(bytes[i..(i + run)]);
            }

            i += run;
        }

        return [.. coded];
    }

    /// <summary>LZW with strings as dictionary keys; the old order packs the lowest bit first and widens codes one step later.</summary>
    private static byte[] Lzw(byte[] bytes, bool isOld)
    {
        var bits = new StringBuilder();
        var table = new Dictionary<string, int>();
        var width = 9;
        void Emit(int code)
        {
            var text = Convert.ToString(code, 2).PadLeft(width, '0');
            bits.Append(isOld ? new string([.. text.Reverse()]) : text);
        }

        void Reset()
        {
            Emit(256);
            table.Clear();
            for (var i = 0; i < 256; i++)
                table[((char)i).ToString()] = i;
            width = 9;
        }

        Reset();
        var current = "";
        var next = 258;
        foreach (var b in bytes)
        {
            var longer = current + (char)b;
            if (table.ContainsKey(longer))
            {
                current = longer;
                continue;
            }

            Emit(table[current]);
            table[longer] = next++;
            if (next == 4094)
            {
                Reset();
                next = 258;
            }
            else if (next >= (1 << width) + (isOld ? 1 : 0))
            {
                width++;
            }

            current = ((char)b).ToString();
        }

        if (current.Length > 0)
            Emit(table[current]);
        // The decoder makes one more entry on reading that code.
        if (++next >= (1 << width) + (isOld ? 1 : 0) && width < 12)
            width++;
        Emit(257);
        while (bits.Length % 8 != 0)
            bits.Append('0');
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i =>
        {
            var text = bits.ToString(i * 8, 8);
            return Convert.ToByte(isOld ? new string([.. text.Reverse()]) : text, 2);
        })];
    }
}
