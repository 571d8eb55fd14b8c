using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stemma.Imaging;

/// <summary>
/// Statistics over all pixels of an image, and the digest by which decoded pixels are recognized.
/// Colour runs over the interleaved channels. Of a complex image <see cref="Min"/>, <see cref="Max"/> and <see cref="Mean"/>
/// are those of the real part, <see cref="Imaginary"/> has the other, and <see cref="Std"/> is √(mean |z − mean z|²).
/// Numbers that are not finite are counted and left out; where none is finite, the values are null.
/// </summary>
public sealed record ImageStatistics
{
    /// <summary>16 MiB.</summary>
    public const int DefaultChunkBytes = 16 << 20;

    public required double? Min { get; init; }

    public required double? Max { get; init; }

    public required double? Mean { get; init; }

    /// <summary>Population standard deviation.</summary>
    public required double? Std { get; init; }

    /// <summary>Limits and mean of the imaginary part; null unless the image is complex.</summary>
    public ImaginaryStatistics? Imaginary { get; init; }

    /// <summary>How many numbers are NaN or infinite.</summary>
    public required long NotFinite { get; init; }

    /// <summary>SHA-256 of the pixels as little-endian bytes in C order; lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// Reads the image once, piece by piece. The result is the same to the last bit whatever <paramref name="chunkBytes"/> is and whatever
    /// the machine: sums are taken over blocks of fixed place and joined in a tree of fixed shape.
    /// </summary>
    /// <param name="chunkBytes">How many bytes are held at a time (at least one pixel is).</param>
    public static async ValueTask<ImageStatistics> ComputeAsync(IImageSource source, int chunkBytes = DefaultChunkBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        var type = source.Description.PixelType;
        var maxPixels = Math.Max(1, chunkBytes / type.Bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var real = new Moments();
        var imaginary = type.IsComplex ? new Moments() : null;
        byte[]? rented = null;
        try
        {
            foreach (var region in RegionWalk.InOrder(source.Description.Shape, maxPixels))
            {
                var length = checked((int)region.PixelCount * type.Bytes);
                if (rented is null || rented.Length < length)
                {
                    if (rented is not null)
                        ArrayPool<byte>.Shared.Return(rented);
                    rented = ArrayPool<byte>.Shared.Rent(length);
                }

                await source.ReadAsync(region, rented.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                hash.AppendData(rented, 0, length);
                Add(type, rented.AsSpan(0, length), real, imaginary);
            }
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }

        var a = real.Finish();
        var b = imaginary?.Finish();
        return new ImageStatistics
        {
            Min = a.Min,
            Max = a.Max,
            Mean = a.Mean,
            Std = a.Variance is { } variance && (b is null || b.Value.Variance is not null) ? Math.Sqrt(variance + (b?.Variance ?? 0)) : null,
            Imaginary = b is { } part ? new ImaginaryStatistics(part.Min, part.Max, part.Mean) : null,
            NotFinite = a.NotFinite + (b?.NotFinite ?? 0),
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }

    private static void Add(PixelType type, ReadOnlySpan<byte> bytes, Moments real, Moments? imaginary)
    {
        switch (type.ChannelType)
        {
            case PixelType.UInt8: AddAll(bytes, static value => value, real, imaginary); break;
            case PixelType.Int8: AddAll(MemoryMarshal.Cast<byte, sbyte>(bytes), static value => value, real, imaginary); break;
            case PixelType.UInt16: AddAll(MemoryMarshal.Cast<byte, ushort>(bytes), static value => value, real, imaginary); break;
            case PixelType.Int16: AddAll(MemoryMarshal.Cast<byte, short>(bytes), static value => value, real, imaginary); break;
            case PixelType.UInt32: AddAll(MemoryMarshal.Cast<byte, uint>(bytes), static value => value, real, imaginary); break;
            case PixelType.Int32: AddAll(MemoryMarshal.Cast<byte, int>(bytes), static value => value, real, imaginary); break;
            case PixelType.UInt64: AddAll(MemoryMarshal.Cast<byte, ulong>(bytes), static value => value, real, imaginary); break;
            case PixelType.Int64: AddAll(MemoryMarshal.Cast<byte, long>(bytes), static value => value, real, imaginary); break;
            case PixelType.Float16: AddAll(MemoryMarshal.Cast<byte, Half>(bytes), static value => (double)value, real, imaginary); break;
            case PixelType.Float32: AddAll(MemoryMarshal.Cast<byte, float>(bytes), static value => value, real, imaginary); break;
            case PixelType.Float64: AddAll(MemoryMarshal.Cast<byte, double>(bytes), static value => value, real, imaginary); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "This pixel type has no statistics.");
        }
    }

    private static void AddAll<T>(ReadOnlySpan<T> values, Func<T, double> convert, Moments real, Moments? imaginary)
    {
        if (imaginary is null)
        {
            foreach (var value in values)
                real.Add(convert(value));
            return;
        }

        for (var i = 0; i + 1 < values.Length; i += 2)
        {
            real.Add(convert(values[i]));
            imaginary.Add(convert(values[i + 1]));
        }
    }
}

/// <summary>Limits and mean of the imaginary part of a complex image.</summary>
public sealed record ImaginaryStatistics(double? Min, double? Max, double? Mean);
