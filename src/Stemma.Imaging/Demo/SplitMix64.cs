namespace Stemma.Imaging.Demo;

/// <summary>
/// A small generator of random numbers whose sequence never changes with the runtime, so that a seed names a demo image for good.
/// Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Uniform(double from, double to) => from + (to - from) * Uniform();

    /// <summary>Nearly normal, mean 0 and standard deviation 1: the sum of four uniform numbers of 16 bits, never beyond ±3.5. Fast rather than exact in the tails.</summary>
    public double Normal()
    {
        var bits = Next();
        var sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        // Four uniform numbers have the variance 4/12.
        return (sum / 65535.0 - 2) * 1.7320508075688772;
    }
}
