namespace Stemma.Imaging.Previews;

/// <summary>White paper on which smooth lines are drawn: every pixel darkens by the share of it that the line covers.</summary>
internal sealed class Canvas
{
    private readonly int _width;
    private readonly int _height;

    public Canvas(int width, int height)
    {
        (_width, _height) = (width, height);
        Pixels = new byte[checked(width * height * 3)];
        Array.Fill(Pixels, (byte)255);
    }

    public static (byte Red, byte Green, byte Blue) Ink { get; } = (24, 86, 160);

    public static (byte Red, byte Green, byte Blue) Frame { get; } = (110, 118, 126);

    /// <summary>RGB rows from the top.</summary>
    public byte[] Pixels { get; }

    /// <summary>A line between two points (pixel centres have whole coordinates) with round ends.</summary>
    public void Line(double x0, double y0, double x1, double y1, double thickness, (byte Red, byte Green, byte Blue) colour)
    {
        var reach = (thickness / 2) + 1;
        var (left, right) = ((int)Math.Max(0, Math.Floor(Math.Min(x0, x1) - reach)), (int)Math.Min(_width - 1, Math.Ceiling(Math.Max(x0, x1) + reach)));
        var (top, bottom) = ((int)Math.Max(0, Math.Floor(Math.Min(y0, y1) - reach)), (int)Math.Min(_height - 1, Math.Ceiling(Math.Max(y0, y1) + reach)));
        var (dx, dy) = (x1 - x0, y1 - y0);
        var square = (dx * dx) + (dy * dy);
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                var along = square > 0 ? Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / square, 0, 1) : 0;
                var (ex, ey) = (x - x0 - (along * dx), y - y0 - (along * dy));
                var cover = Math.Clamp((thickness / 2) + 0.5 - Math.Sqrt((ex * ex) + (ey * ey)), 0, 1);
                if (cover > 0)
                    Darken(((y * _width) + x) * 3, cover, colour);
            }
    }

    /// <summary>The darker of what is there and the new line, so that joints of a curve do not show.</summary>
    private void Darken(int at, double cover, (byte Red, byte Green, byte Blue) colour)
    {
        Pixels[at] = Math.Min(Pixels[at], Mixed(colour.Red));
        Pixels[at + 1] = Math.Min(Pixels[at + 1], Mixed(colour.Green));
        Pixels[at + 2] = Math.Min(Pixels[at + 2], Mixed(colour.Blue));

        byte Mixed(byte ink) => (byte)Math.Round(255 - (cover * (255 - ink)));
    }
}
