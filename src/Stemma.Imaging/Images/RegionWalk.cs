namespace Stemma.Imaging;

/// <summary>Cuts an image into pieces that can be read one after the other.</summary>
public static class RegionWalk
{
    /// <summary>
    /// Cuts an image into regions of at most <paramref name="maxPixels"/> pixels whose pixels, put one behind the other,
    /// are the whole image in C order.
    /// </summary>
    /// <param name="shape">Axis sizes, slowest first; each at least 1.</param>
    public static IEnumerable<Region> InOrder(IReadOnlyList<long> shape, long maxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        if (shape.Count == 0)
        {
            yield return new Region([], []);
            yield break;
        }

        // The slowest axis along which a region can hold more than one index: all faster axes are whole, all slower ones single.
        var split = shape.Count - 1;
        long inner = 1;
        while (split > 0 && shape[split] <= maxPixels / inner)
            inner *= shape[split--];
        var step = Math.Max(1, Math.Min(shape[split], maxPixels / inner));

        var origin = new long[shape.Count];
        while (true)
        {
            var size = new long[shape.Count];
            for (var axis = 0; axis < size.Length; axis++)
                size[axis] = axis < split ? 1 : axis > split ? shape[axis] : Math.Min(step, shape[axis] - origin[axis]);
            yield return new Region(origin, size);

            origin[split] += step;
            var carry = split;
            while (origin[carry] >= shape[carry])
            {
                if (carry == 0)
                    yield break;
                origin[carry] = 0;
                origin[--carry]++;
            }
        }
    }
}
