using System.Numerics;

namespace Stemma.Imaging.Previews;

/// <summary>How values between the limits become brightness.</summary>
public enum DisplayScale
{
    Linear,

    /// <summary>Brightness grows with ln(1 + a·u) where u runs from 0 to 1 between the limits.</summary>
    Logarithmic,
}

/// <summary>The values shown as black and as white.</summary>
/// <param name="Low">Value shown as 0, in the image's own numbers (of complex images log₁₀ of the magnitude).</param>
/// <param name="High">Value shown as 255; above <paramref name="Low"/>.</param>
/// <param name="Strength">The <c>a</c> of <see cref="DisplayScale.Logarithmic"/>; not used otherwise.</param>
public sealed record DisplayRange(double Low, double High, DisplayScale Scale = DisplayScale.Linear, double Strength = 0)
{
    /// <summary>Share of the pixels that may be darker than black, and as many brighter than white.</summary>
    public const double ClippedShare = 0.0035;

    /// <summary>8-bit images whose values spread over less than this are stretched after all.</summary>
    private const double NarrowSpread = 64;

    /// <summary>Relative difference up to which values count as the same.</summary>
    private const double EqualWithin = 1e-5;

    /// <summary>So far apart may ground and brightest be; what lies closer to black stays black.</summary>
    private const double MaxStrength = 10_000;

    /// <summary>The range in which 8-bit photographs and colours are shown.</summary>
    public static DisplayRange Full8Bit { get; } = new(0, 255);

    /// <summary>Chooses limits for the values of an image (all colour channels together). NaN and infinities are not looked at.</summary>
    /// <param name="type">Type of the pixels that the values came from.</param>
    /// <param name="isReciprocal">The image is a diffraction pattern or a Fourier transform: a high dynamic range is expected.</param>
    public static DisplayRange Choose(ReadOnlySpan<float> values, PixelType type, bool isReciprocal = false)
    {
        var sample = new PercentileSample(values);
        if (sample.Count == 0)
            return new DisplayRange(0, 1);
        var (low, high) = (sample.Percentile(ClippedShare), sample.Percentile(1 - ClippedShare));
        if (type.ChannelType == PixelType.UInt8 && (high - low >= NarrowSpread || sample.Percentile(0) == sample.Percentile(1)))
            return Full8Bit;
        if (low == high)
            (low, high) = (sample.Percentile(0), sample.Percentile(1));

        // Averages of equal values differ by rounding; that is no contrast.
        if (high - low <= EqualWithin * Math.Max(Math.Abs(low), Math.Abs(high)))
            return new DisplayRange(low - 0.5, high + 0.5);
        return type.ChannelType == PixelType.UInt8 || type.IsComplex || type.IsColour
            ? new DisplayRange(low, high)
            : HighDynamicRange(sample, low, isReciprocal) ?? new DisplayRange(low, high);
    }

    /// <summary>Brightness of each value; NaN is black.</summary>
    public void Map(ReadOnlySpan<float> values, Span<byte> brightness)
    {
        var (low, factor) = ((float)Low, (float)(1 / (High - Low)));
        if (Scale == DisplayScale.Linear)
        {
            MapLinearly(values, brightness, low, factor * 255);
            return;
        }

        var (strength, full) = ((float)Strength, 255 / MathF.Log(1 + (float)Strength));
        for (var i = 0; i < values.Length; i++)
            brightness[i] = ToByte(MathF.Log(1 + (strength * Math.Max(0, (values[i] - low) * factor))) * full);
    }

    // Four vectors of numbers make one of bytes; the rest one by one, to the same result.
    private static void MapLinearly(ReadOnlySpan<float> values, Span<byte> brightness, float low, float factor)
    {
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var (a, b, c, d) = (Rounded(values[i..]), Rounded(values[(i + Vector<float>.Count)..]), Rounded(values[(i + (2 * Vector<float>.Count))..]), Rounded(values[(i + (3 * Vector<float>.Count))..]));
            Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d)).CopyTo(brightness[i..]);
        }

        for (; i < values.Length; i++)
            brightness[i] = ToByte((values[i] - low) * factor);

        Vector<uint> Rounded(ReadOnlySpan<float> from)
        {
            var value = (new Vector<float>(from) - new Vector<float>(low)) * factor;
            // What is not above zero, NaN among it, is black.
            value = Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), value, Vector<float>.Zero);
            return Vector.AsVectorUInt32(Vector.ConvertToInt32(Vector.Min(value, new Vector<float>(255)) + new Vector<float>(0.5f)));
        }
    }

    private static byte ToByte(float value) => value >= 255 ? (byte)255 : value > 0 ? (byte)(value + 0.5f) : (byte)0;

    /// <summary>
    /// A few spots outshine everything: on a linear scale the rest would be black. Judged by how much farther the brightest are from the median than the darkest.
    /// </summary>
    private static DisplayRange? HighDynamicRange(PercentileSample sample, double low, bool isReciprocal)
    {
        var (median, top) = (sample.Percentile(0.5), sample.Percentile(0.9995));
        var below = Math.Max(median - low, (top - low) / MaxStrength);
        var ratio = (top - median) / below;
        return ratio > (isReciprocal ? 10 : 100)
            ? new DisplayRange(low, top, DisplayScale.Logarithmic, Math.Clamp((top - low) / below, 10, MaxStrength))
            : null;
    }
}
