using System.Buffers;

namespace Stemma.Imaging.Previews;

/// <summary>
/// Percentiles of at most some 65,000 values, taken at an even stride: the same values always give the same answer. Of a percentile far out, such as 0.0035, so many
/// miss by a few ten-thousandths, which no eye sees. Percentile p is the value at rank round(p · (n − 1)) of the finite ones in ascending order.
/// </summary>
internal sealed class PercentileSample
{
    private const int MaxValues = 1 << 16;

    // Values are found by their bits, from the highest on: so many at a time.
    private const int FirstBits = 12, SecondBits = 12, LastBits = 8;

    private readonly uint[] _keys;
    private readonly int[] _histogram = new int[1 << FirstBits];

    public PercentileSample(ReadOnlySpan<float> values)
    {
        // An odd stride does not fall into step with the usual row lengths.
        var stride = values.Length <= MaxValues ? 1 : ((values.Length + MaxValues - 1) / MaxValues) | 1;
        _keys = new uint[(values.Length + stride - 1) / stride];
        for (var i = 0; i < values.Length; i += stride)
            if (float.IsFinite(values[i]))
            {
                var key = Key(values[i]);
                _keys[Count++] = key;
                _histogram[key >> (32 - FirstBits)]++;
            }
    }

    public int Count { get; private set; }

    /// <param name="share">From 0 (the smallest) to 1 (the largest).</param>
    public double Percentile(double share)
    {
        var rank = (int)Math.Round(share * (Count - 1), MidpointRounding.AwayFromZero);
        var bits = Bin(_histogram, ref rank);
        var candidates = ArrayPool<uint>.Shared.Rent(Math.Max(1, Count));
        var count = 0;
        foreach (var key in _keys.AsSpan(0, Count))
        {
            // Written in any case and kept if it fits: no branch to guess wrong.
            candidates[count] = key;
            count += key >> (32 - FirstBits) == bits ? 1 : 0;
        }

        bits = Next(candidates.AsSpan(0, count), bits, FirstBits, SecondBits, ref rank);
        bits = Next(candidates.AsSpan(0, count), bits, FirstBits + SecondBits, LastBits, ref rank);
        ArrayPool<uint>.Shared.Return(candidates);
        return Value(bits);
    }

    /// <summary>Looks at the keys that begin with these bits, and finds the following ones.</summary>
    private static uint Next(ReadOnlySpan<uint> keys, uint beginning, int known, int count, ref int rank)
    {
        Span<int> histogram = stackalloc int[1 << count];
        histogram.Clear();
        var (above, shift, mask) = (32 - known, 32 - known - count, (1u << count) - 1);
        foreach (var key in keys)
            if (key >> above == beginning)
                histogram[(int)((key >> shift) & mask)]++;
        return (beginning << count) | Bin(histogram, ref rank);
    }

    /// <summary>Finds the bin that holds the rank and leaves the rank within it.</summary>
    private static uint Bin(ReadOnlySpan<int> histogram, ref int rank)
    {
        var bin = 0;
        while (rank >= histogram[bin])
            rank -= histogram[bin++];
        return (uint)bin;
    }

    /// <summary>Unsigned integers in the order of the floats: negative ones reversed, positive ones above them.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);
}
