using System.Runtime.InteropServices;
using Stemma.Imaging;

namespace Stemma.Formats;

/// <summary>What writers ask of the pixels it is given.</summary>
internal static class PixelBuffers
{
    /// <exception cref="ArgumentException">The buffer has not exactly the bytes of the image.</exception>
    public static void CheckLength(ImageDescription description, int bytes)
    {
        var expected = Region.Whole(description.Shape).PixelCount * description.PixelType.Bytes;
        if (bytes != expected)
            throw new ArgumentException($"The image has {expected} bytes of pixels, but {bytes} were given.", nameof(bytes));
    }

    /// <summary>Least, largest and mean value and standard deviation, for headers that hold them; colour and complex numbers give zeros.</summary>
    public static (double Min, double Max, double Mean, double Deviation) Statistics(PixelType type, ReadOnlySpan<byte> pixels) => type switch
    {
        PixelType.UInt8 => Over(pixels, static value => value),
        PixelType.Int8 => Over(MemoryMarshal.Cast<byte, sbyte>(pixels), static value => value),
        PixelType.UInt16 => Over(MemoryMarshal.Cast<byte, ushort>(pixels), static value => value),
        PixelType.Int16 => Over(MemoryMarshal.Cast<byte, short>(pixels), static value => value),
        PixelType.Float16 => Over(MemoryMarshal.Cast<byte, Half>(pixels), static value => (double)value),
        PixelType.Float32 => Over(MemoryMarshal.Cast<byte, float>(pixels), static value => value),
        _ => (0, 0, 0, 0),
    };

    private static (double Min, double Max, double Mean, double Deviation) Over<T>(ReadOnlySpan<T> values, Func<T, double> convert)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, squares = 0;
        // Deviations from the first value keep the squares small.
        var first = convert(values[0]);
        foreach (var item in values)
        {
            var value = convert(item);
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value - first;
            squares += (value - first) * (value - first);
        }

        var mean = sum / values.Length;
        return (min, max, first + mean, Math.Sqrt(Math.Max(0, squares / values.Length - mean * mean)));
    }
}
