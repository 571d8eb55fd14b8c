namespace Stemma.Formats;

/// <summary>Units of length as axes write them.</summary>
internal static class LengthUnits
{
    /// <summary>Metres of one unit; null where the unit is no length.</summary>
    public static double? Metres(string? unit) => unit switch
    {
        "pm" => 1e-12,
        "Å" => 1e-10,
        "nm" => 1e-9,
        "µm" => 1e-6,
        "mm" => 1e-3,
        "m" => 1,
        _ => null,
    };
}
