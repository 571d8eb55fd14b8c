using System.Buffers.Binary;

namespace Stemma.Bench;

/// <summary>Small valid image files, each different, for benches that need many.</summary>
public static class Pictures
{
    /// <summary>A little-endian baseline TIFF: one strip of grey noise.</summary>
    /// <param name="bits">Of a pixel: 8 or 16.</param>
    public static byte[] SmallTiff(Random random, int width, int height, int bits = 8)
    {
        var bytes = width * height * bits / 8;
        (ushort Tag, ushort Type, uint Value)[] entries =
        [
            (256, 4, (uint)width), (257, 4, (uint)height), (258, 3, (uint)bits), (259, 3, 1), (262, 3, 1), (273, 4, 0), (277, 3, 1), (278, 4, (uint)height), (279, 4, (uint)bytes),
        ];
        var pixels = 8 + 2 + entries.Length * 12 + 4;
        var file = new byte[pixels + bytes];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)entries.Length);
        for (var index = 0; index < entries.Length; index++)
        {
            var entry = file.AsSpan(10 + index * 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[index].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[index].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[index].Tag == 273 ? (uint)pixels : entries[index].Value);
        }

        random.NextBytes(file.AsSpan(pixels));
        return file;
    }
}
