namespace Stemma.Imaging.Previews;

/// <summary>
/// Percentiles of at most about a million values, taken at an even stride: the same values always give the same answer.
/// Percentile p is the value at rank round(p · (n − 1)) of the finite ones in ascending order.
/// </summary>
internal sealed class PercentileSample
{
    private const int MaxValues = 1 << 20;

    private readonly uint[] _keys;
    private readonly int[] _histogram = new int[1 << 16];

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
                _histogram[key >> 16]++;
            }
    }

    public int Count { get; private set; }

    /// <param name="share">From 0 (the smallest) to 1 (the largest).</param>
    public double Percentile(double share)
    {
        var rank = (int)Math.Round(share * (Count - 1), MidpointRounding.AwayFromZero);
        var bin = Bin(_histogram, ref rank);
        var low = new int[1 << 16];
        foreach (var key in _keys.AsSpan(0, Count))
            if (key >> 16 == bin)
                low[key & 0xFFFF]++;
        return Value((bin << 16) | Bin(low, ref rank));
    }

    /// <summary>Finds the bin that holds the rank and leaves the rank within it.</summary>
    private static uint Bin(int[] histogram, ref int rank)
    {
        uint bin = 0;
        while (rank >= histogram[bin])
            rank -= histogram[bin++];
        return bin;
    }

    /// <summary>Unsigned integers in the order of the floats: negative ones reversed, positive ones above them.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);
}
