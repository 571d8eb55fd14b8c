using System.Text.Json;

namespace Stemma.Hub.Search.Indexing;

/// <summary>What kind of image an array is, from its axes: how many it is measured over (signal) and how many it is repeated over (navigation).</summary>
internal static class ImageKind
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "spectrum", "spectrum line", "spectrum image", "4D-STEM", "time series", "volume", "stack", "diffraction pattern", "image",
    };

    /// <param name="axes">As in <c>stemma inspect</c>: objects with name, role, size and unit.</param>
    public static string Of(JsonElement axes)
    {
        var all = axes.EnumerateArray().Where(axis => axis.GetProperty("size").GetInt64() > 1).ToList();
        var signal = all.Where(axis => axis.GetProperty("role").GetString() == "signal").ToList();
        var navigation = all.Count - signal.Count;
        bool Has(params ReadOnlySpan<string> names)
        {
            foreach (var axis in all)
                if (names.Contains(axis.GetProperty("name").GetString()))
                    return true;
            return false;
        }

        return signal.Count switch
        {
            0 or 1 => navigation switch { 0 => "spectrum", 1 => "spectrum line", _ => "spectrum image" },
            2 when navigation >= 2 && !Has("z", "t", "c") => "4D-STEM",
            2 when navigation >= 1 && Has("t") => "time series",
            2 when navigation >= 1 && Has("z") => "volume",
            2 when navigation >= 1 => "stack",
            2 when Has("kx", "ky") || signal.All(IsReciprocal) => "diffraction pattern",
            2 => "image",
            _ => "volume",
        };
    }

    private static bool IsReciprocal(JsonElement axis) => axis.GetProperty("unit").GetString() is { } unit && (unit.StartsWith("1/", StringComparison.Ordinal) || unit.EndsWith("⁻¹", StringComparison.Ordinal) || unit is "mrad" or "rad");
}
