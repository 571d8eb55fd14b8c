namespace Stemma.Imaging;

/// <summary>A box of an n-dimensional image in array (C) order: slowest axis first.</summary>
public sealed class Region
{
    private readonly long[] _origin;
    private readonly long[] _size;

    /// <exception cref="ArgumentException">Ranks differ, an origin is negative, or a size is below 1.</exception>
    public Region(ReadOnlySpan<long> origin, ReadOnlySpan<long> size)
    {
        if (origin.Length != size.Length)
            throw new ArgumentException($"A region needs as many origins ({origin.Length}) as sizes ({size.Length}).");
        for (var axis = 0; axis < size.Length; axis++)
            if (origin[axis] < 0 || size[axis] < 1)
                throw new ArgumentException($"Axis {axis} of a region must have origin ≥ 0 and size ≥ 1, but has {origin[axis]} and {size[axis]}.");
        _origin = origin.ToArray();
        _size = size.ToArray();
    }

    public ReadOnlySpan<long> Origin => _origin;

    public ReadOnlySpan<long> Size => _size;

    public int Rank => _size.Length;

    /// <summary>Number of pixels, checked for overflow.</summary>
    public long PixelCount
    {
        get
        {
            long count = 1;
            foreach (var size in _size)
                count = checked(count * size);
            return count;
        }
    }

    /// <summary>The whole of an image with these axis sizes.</summary>
    public static Region Whole(ReadOnlySpan<long> shape) => new(new long[shape.Length], shape);

    /// <exception cref="ArgumentException">The region reaches beyond <paramref name="shape"/>.</exception>
    public void CheckInside(ReadOnlySpan<long> shape)
    {
        if (shape.Length != Rank)
            throw new ArgumentException($"Expected a region of rank {shape.Length}, but its rank is {Rank}.");
        for (var axis = 0; axis < Rank; axis++)
            if (_size[axis] > shape[axis] - _origin[axis])
                throw new ArgumentException($"Region {this} reaches beyond axis {axis}, which has size {shape[axis]}.");
    }

    public override string ToString() => $"[{string.Join(", ", _origin.Zip(_size, (o, s) => $"{o}+{s}"))}]";
}
