using System.Buffers.Binary;
using System.Security.Cryptography;
using Stemma.Imaging;

namespace Stemma.Formats.Tests;

/// <summary>
/// Statistics and SHA-256 of an image, made with plain loops and beside the library's own statistics, so that the two check each other.
/// Statistics run over all numbers, of complex images over the real parts.
/// </summary>
public sealed record PixelDigest(double Min, double Max, double Mean, double Std, string Sha256)
{
    public static async Task<PixelDigest> Compute(IImageSource source)
    {
        var type = source.Description.PixelType;
        var numbers = new List<double>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var region in RegionWalk.InOrder(source.Description.Shape, 10_007))
        {
            var bytes = new byte[region.PixelCount * type.Bytes];
            await source.ReadAsync(region, bytes, TestContext.Current.CancellationToken);
            hash.AppendData(bytes);
            var step = type.IsComplex ? 2 * type.ChannelType.Bytes : type.ChannelType.Bytes;
            for (var i = 0; i < bytes.Length; i += step)
                numbers.Add(Number(type.ChannelType, bytes.AsSpan(i)));
        }

        var mean = numbers.Average();
        return new PixelDigest(numbers.Min(), numbers.Max(), mean, Math.Sqrt(numbers.Average(value => (value - mean) * (value - mean))), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>All pixels of a region, as they are handed out.</summary>
    public static async Task<byte[]> Read(IImageSource source, Region? region = null)
    {
        region ??= Region.Whole(source.Description.Shape);
        var bytes = new byte[region.PixelCount * source.Description.PixelType.Bytes];
        await source.ReadAsync(region, bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>Reads random regions and compares each with the crop of the whole image.</summary>
    public static async Task RegionsShouldEqualCrops(IImageSource source, int seed)
    {
        var shape = source.Description.Shape;
        var size = source.Description.PixelType.Bytes;
        var whole = await Read(source);
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var origin = Array.ConvertAll(shape, length => random.NextInt64(length));
            var extent = shape.Select((length, axis) => 1 + random.NextInt64(length - origin[axis])).ToArray();
            var part = await Read(source, new Region(origin, extent));
            for (long i = 0; i < part.Length / size; i++)
            {
                long rest = i, position = 0, step = 1;
                for (var axis = shape.Length - 1; axis >= 0; axis--)
                {
                    position += (origin[axis] + rest % extent[axis]) * step;
                    rest /= extent[axis];
                    step *= shape[axis];
                }

                if (!part.AsSpan((int)i * size, size).SequenceEqual(whole.AsSpan((int)position * size, size)))
                    Assert.Fail($"Region [{string.Join(", ", origin)}] + [{string.Join(", ", extent)}] differs from the whole at its pixel {i}.");
            }
        }
    }

    private static double Number(PixelType type, ReadOnlySpan<byte> bytes) => type switch
    {
        PixelType.UInt8 => bytes[0],
        PixelType.Int8 => (sbyte)bytes[0],
        PixelType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        PixelType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        PixelType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        PixelType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        PixelType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        PixelType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        PixelType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        PixelType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        PixelType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
