namespace Stemma.Imaging.Demo;

/// <summary>Random textures of a given grain size: speckle of amorphous material, unevenness of a substrate.</summary>
internal static class NoiseField
{
    /// <summary>Blurred white noise of mean about 0 and standard deviation 1; <paramref name="radius"/> in pixels.</summary>
    public static float[] Smooth(SplitMix64 random, int width, int height, int radius)
    {
        var field = new float[width * height];
        for (var i = 0; i < field.Length; i++)
            field[i] = (float)random.Normal();
        // Three boxes come close to a Gaussian.
        var other = new float[field.Length];
        for (var pass = 0; pass < 3; pass++)
        {
            BlurRows(field, other, width, height, radius);
            BlurColumns(other, field, width, height, radius);
        }

        double squares = 0;
        foreach (var value in field)
            squares += value * value;
        var scale = (float)(1 / Math.Sqrt(squares / field.Length));
        for (var i = 0; i < field.Length; i++)
            field[i] *= scale;
        return field;
    }

    private static void BlurRows(float[] from, float[] to, int width, int height, int radius)
    {
        for (var y = 0; y < height; y++)
        {
            var row = from.AsSpan(y * width, width);
            float sum = 0;
            for (var x = -radius; x <= radius; x++)
                sum += row[Wrap(x, width)];
            for (var x = 0; x < width; x++)
            {
                to[y * width + x] = sum;
                sum += row[Wrap(x + radius + 1, width)] - row[Wrap(x - radius, width)];
            }
        }
    }

    /// <summary>All columns at once, row by row, as memory lies.</summary>
    private static void BlurColumns(float[] from, float[] to, int width, int height, int radius)
    {
        var sums = new float[width];
        for (var y = -radius; y <= radius; y++)
            for (var x = 0; x < width; x++)
                sums[x] += from[Wrap(y, height) * width + x];
        for (var y = 0; y < height; y++)
        {
            var enters = from.AsSpan(Wrap(y + radius + 1, height) * width, width);
            var leaves = from.AsSpan(Wrap(y - radius, height) * width, width);
            for (var x = 0; x < width; x++)
            {
                to[y * width + x] = sums[x];
                sums[x] += enters[x] - leaves[x];
            }
        }
    }

    private static int Wrap(int index, int length) => index < 0 ? index + length : index >= length ? index - length : index;
}
