using System.Numerics;
using System.Runtime.InteropServices;

namespace Stemma.Imaging.Previews;

/// <summary>
/// Pixels as numbers for display: one per pixel, three for colours. Complex numbers become log₁₀ of their magnitude (zero becomes NaN);
/// transparent colours are laid over white.
/// </summary>
internal static class SampleConverter
{
    public static int Channels(PixelType type) => type.IsColour ? 3 : 1;

    public static void ToFloat(PixelType type, ReadOnlySpan<byte> pixels, Span<float> values)
    {
        switch (type)
        {
            case PixelType.UInt8 or PixelType.Rgb8:
                FromBytes(pixels, values);
                break;
            case PixelType.Int8:
                Convert<sbyte>(pixels, values);
                break;
            case PixelType.UInt16 or PixelType.Rgb16:
                FromShorts(MemoryMarshal.Cast<byte, ushort>(pixels), values);
                break;
            case PixelType.Int16:
                Convert<short>(pixels, values);
                break;
            case PixelType.UInt32:
                Convert<uint>(pixels, values);
                break;
            case PixelType.Int32:
                Convert<int>(pixels, values);
                break;
            case PixelType.UInt64:
                Convert<ulong>(pixels, values);
                break;
            case PixelType.Int64:
                Convert<long>(pixels, values);
                break;
            case PixelType.Float16:
                Convert<Half>(pixels, values);
                break;
            case PixelType.Float32:
                MemoryMarshal.Cast<byte, float>(pixels)[..values.Length].CopyTo(values);
                break;
            case PixelType.Float64:
                Convert<double>(pixels, values);
                break;
            case PixelType.Complex64:
                Magnitudes<float>(pixels, values);
                break;
            case PixelType.Complex128:
                Magnitudes<double>(pixels, values);
                break;
            case PixelType.Rgba8:
                OverWhite<byte>(pixels, values, 255);
                break;
            case PixelType.Rgba16:
                OverWhite<ushort>(pixels, values, 65535);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "This pixel type has no display.");
        }
    }

    // One vector of small numbers widens to several of floats; the rest one by one.
    private static void FromBytes(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(pixels[i..]), out var low, out var high);
            Store(low, values[i..]);
            Store(high, values[(i + Vector<ushort>.Count)..]);
        }

        for (; i < values.Length; i++)
            values[i] = pixels[i];
    }

    private static void FromShorts(ReadOnlySpan<ushort> pixels, Span<float> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            Store(new Vector<ushort>(pixels[i..]), values[i..]);
        for (; i < values.Length; i++)
            values[i] = pixels[i];
    }

    private static void Store(Vector<ushort> numbers, Span<float> values)
    {
        Vector.Widen(numbers, out var low, out var high);
        // As signed integers, which convert in one instruction: they are small enough.
        Vector.ConvertToSingle(Vector.AsVectorInt32(low)).CopyTo(values);
        Vector.ConvertToSingle(Vector.AsVectorInt32(high)).CopyTo(values[Vector<float>.Count..]);
    }

    private static void Convert<T>(ReadOnlySpan<byte> pixels, Span<float> values) where T : unmanaged, System.Numerics.INumber<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(pixels);
        for (var i = 0; i < values.Length; i++)
            values[i] = float.CreateTruncating(numbers[i]);
    }

    private static void Magnitudes<T>(ReadOnlySpan<byte> pixels, Span<float> values) where T : unmanaged, System.Numerics.INumber<T>
    {
        var parts = MemoryMarshal.Cast<byte, T>(pixels);
        for (var i = 0; i < values.Length; i++)
        {
            var (real, imaginary) = (double.CreateTruncating(parts[2 * i]), double.CreateTruncating(parts[(2 * i) + 1]));
            var square = (real * real) + (imaginary * imaginary);
            values[i] = square > 0 ? (float)(0.5 * Math.Log10(square)) : float.NaN;
        }
    }

    private static void OverWhite<T>(ReadOnlySpan<byte> pixels, Span<float> values, float white) where T : unmanaged, System.Numerics.INumber<T>
    {
        var samples = MemoryMarshal.Cast<byte, T>(pixels);
        for (int from = 0, to = 0; to < values.Length; from += 4, to += 3)
        {
            var alpha = float.CreateTruncating(samples[from + 3]) / white;
            for (var channel = 0; channel < 3; channel++)
                values[to + channel] = (alpha * float.CreateTruncating(samples[from + channel])) + ((1 - alpha) * white);
        }
    }
}
