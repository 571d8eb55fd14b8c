namespace Stemma.Imaging.Previews;

/// <summary>A curve in pieces of equal length along its axis, from the first channel to the last.</summary>
/// <param name="Low">Of each piece the lowest value; not a number where none is finite.</param>
/// <param name="High">Of each piece the highest value.</param>
/// <param name="Spectra">Of how many spectra it is the mean.</param>
/// <param name="LogarithmicUnit">The height that is 1 where heights are better drawn as log10(1 + height ÷ unit), since one peak dwarfs all others; null where they are not.</param>
public sealed record MeanCurve(float[] Low, float[] High, long Spectra, double? LogarithmicUnit)
{
    internal static MeanCurve Of(float[] means, long spectra, int maxBins)
    {
        var bins = new (float Low, float High)[Math.Min(means.Length, maxBins)];
        for (var bin = 0; bin < bins.Length; bin++)
            bins[bin] = CurvePlot.Extremes(means.AsSpan((int)((long)bin * means.Length / bins.Length)..(int)((bin + 1L) * means.Length / bins.Length)));
        float[] high = [.. bins.Select(bin => bin.High)];
        var finite = bins.Where(bin => float.IsFinite(bin.Low)).ToArray();
        var unit = finite.Length == 0 ? 0 : CurvePlot.LogarithmicUnit(high, finite.Min(bin => bin.Low), finite.Max(bin => bin.High));
        return new MeanCurve([.. bins.Select(bin => bin.Low)], high, spectra, unit > 0 ? unit : null);
    }
}
