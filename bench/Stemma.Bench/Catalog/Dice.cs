namespace Stemma.Bench.Catalog;

/// <summary>Chance that can be repeated: the same seed and number give the same file, in whichever order files are made.</summary>
internal sealed class Dice(int seed, long number)
{
    private ulong _state = ((ulong)(uint)seed << 40) ^ (ulong)number;

    /// <summary>Between 0 and 1.</summary>
    public double Next() => (Step() >> 11) * (1.0 / (1UL << 53));

    public int Below(int end) => (int)(Next() * end);

    public bool Is(double probability) => Next() < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Between two numbers, each power of ten as likely as the next.</summary>
    public double Scaled(double from, double to) => from * Math.Pow(to / from, Next());

    /// <summary>A UUIDv7 of a moment.</summary>
    public Guid Id(DateTime moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)new DateTimeOffset(moment).ToUnixTimeMilliseconds() << 16 | 0x7000 | Step() & 0xfff);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (Step() >> 2) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }

    // splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
    private ulong Step()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
