namespace Stemma.Imaging;

/// <summary>The type of one pixel. Bytes are little-endian wherever they leave a reader.</summary>
public enum PixelType
{
    UInt8, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64,
    Float16, Float32, Float64,
    /// <summary>Two float32: real, imaginary.</summary>
    Complex64,
    /// <summary>Two float64: real, imaginary.</summary>
    Complex128,
    Rgb8, Rgba8, Rgb16, Rgba16,
}

public static class PixelTypes
{
    private static readonly (string Name, int Bytes, int Channels)[] Facts =
    [
        ("uint8", 1, 1), ("int8", 1, 1), ("uint16", 2, 1), ("int16", 2, 1), ("uint32", 4, 1), ("int32", 4, 1), ("uint64", 8, 1), ("int64", 8, 1),
        ("float16", 2, 1), ("float32", 4, 1), ("float64", 8, 1),
        ("complex64", 8, 2), ("complex128", 16, 2),
        ("rgb8", 3, 3), ("rgba8", 4, 4), ("rgb16", 6, 3), ("rgba16", 8, 4),
    ];

    extension(PixelType type)
    {
        /// <summary>The name used in JSON and on the command line: <c>uint8</c> … <c>rgba16</c>.</summary>
        public string Name => Facts[(int)type].Name;

        /// <summary>Bytes of one pixel, all channels together.</summary>
        public int Bytes => Facts[(int)type].Bytes;

        /// <summary>Numbers in one pixel: 1, 2 for complex, 3 or 4 for colour.</summary>
        public int Channels => Facts[(int)type].Channels;

        public bool IsColour => type >= PixelType.Rgb8;

        public bool IsComplex => type is PixelType.Complex64 or PixelType.Complex128;

        /// <summary>The type of one channel: <c>Rgb16</c> → <c>UInt16</c>, <c>Complex64</c> → <c>Float32</c>.</summary>
        public PixelType ChannelType => type switch
        {
            PixelType.Complex64 => PixelType.Float32,
            PixelType.Complex128 => PixelType.Float64,
            PixelType.Rgb8 or PixelType.Rgba8 => PixelType.UInt8,
            PixelType.Rgb16 or PixelType.Rgba16 => PixelType.UInt16,
            _ => type,
        };
    }

    /// <exception cref="ArgumentException">The name is none of the known ones.</exception>
    public static PixelType Parse(string name)
    {
        var index = Array.FindIndex(Facts, fact => fact.Name == name);
        return index >= 0
            ? (PixelType)index
            : throw new ArgumentException($"Unknown pixel type '{name}'; expected one of {string.Join(", ", Facts.Select(fact => fact.Name))}.", nameof(name));
    }
}
