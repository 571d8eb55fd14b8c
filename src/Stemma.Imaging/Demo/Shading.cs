namespace Stemma.Imaging.Demo;

internal static class Shading
{
    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, and a smooth step between.</summary>
    public static double Step(double from, double to, double value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    public static double Gauss(double distance, double sigma) => Math.Exp(-0.5 * distance * distance / (sigma * sigma));

    public static ushort ToUInt16(double value) => (ushort)Math.Clamp(Math.Round(value), 0, ushort.MaxValue);

    public static byte ToUInt8(double value) => (byte)Math.Clamp(Math.Round(value), 0, byte.MaxValue);
}
