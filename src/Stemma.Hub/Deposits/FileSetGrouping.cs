using System.Text.RegularExpressions;

namespace Stemma.Hub.Deposits;

/// <summary>
/// Which files of a dataset are read together, told from their paths alone and the same in whatever order they arrive. Reading the bytes may
/// tell more: companions that a file names itself are awaited (<see cref="FileSetGathering.AwaitAsync"/>).
/// </summary>
/// <param name="Keys">Keys of the sets that this file would join, the first that exists; the last is the set that it makes if there is none.</param>
/// <param name="Gathers">The folder that this file makes one set of; null for most files.</param>
/// <param name="Role">primary, part or sidecar.</param>
public sealed partial record FileSetGrouping(IReadOnlyList<string> Keys, GatheredFolder? Gathers, string Role)
{
    private const string Primary = "primary", Part = "part", Sidecar = "sidecar";

    public string OwnKey => Keys[^1];

    /// <summary>Whether a folder of this name is one file set as a whole, and so never a dataset.</summary>
    public static bool IsWholeFolder(string name) => name.EndsWith(".zarr", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".zspy", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">Path in the dataset.</param>
    public static FileSetGrouping Of(string path)
    {
        var segments = path.Split('/');
        var whole = Array.FindIndex(segments[..^1], IsWholeFolder);
        var folders = whole < 0 ? segments.Length : whole + 1;
        List<string> keys = [];
        GatheredFolder? gathers = null;
        // A folder becomes one set by a file in it: topmost first, since trees have such files on every level.
        for (var depth = 0; depth < folders; depth++)
            foreach (var kind in GatheredFolder.Kinds)
            {
                var folder = new GatheredFolder(kind, string.Join('/', segments[..depth]));
                if (!folder.Holds(path))
                    continue;
                keys.Add(folder.Key);
                if (depth == segments.Length - 1 && kind.IsMark(segments[^1]))
                    gathers = folder;
            }

        if (whole >= 0)
        {
            var tree = string.Join('/', segments[..(whole + 1)]);
            keys.Add($"zarr:{tree}");
            return new FileSetGrouping(keys, null, whole == segments.Length - 2 && IsTreeRoot(segments[^1]) ? Primary : Part);
        }

        if (gathers is not null)
        {
            // What it gathers is its own set; folders below are no sets of their own.
            keys.RemoveRange(keys.IndexOf(gathers.Key) + 1, keys.Count - keys.IndexOf(gathers.Key) - 1);
            return new FileSetGrouping(keys, gathers, gathers.Kind.IsPrimary(segments[^1]) ? Primary : Part);
        }

        var (key, role) = Alone(path);
        keys.Add(key);
        return new FileSetGrouping(keys, null, role);
    }

    /// <summary>What a person calls the set where it is more than its primary file; null: that file's path.</summary>
    public static string? NameOf(string key) =>
        key.StartsWith("zarr:", StringComparison.Ordinal) || key.StartsWith("jeol:", StringComparison.Ordinal) ? key[5..] is { Length: > 0 } folder ? folder : "(whole dataset)" : null;

    internal static bool IsTreeRoot(string name) => name is "zarr.json" or ".zgroup" or ".zarray";

    /// <summary>Files that belong together by their names.</summary>
    private static (string Key, string Role) Alone(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        if (dot <= slash)
            return ($"file:{path}", Primary);
        var stem = path[..dot];
        switch (path[(dot + 1)..].ToLowerInvariant())
        {
            // FEI/Thermo TIA: name.emi holds the metadata of name_1.ser, name_2.ser …
            case "emi":
                return ($"tia:{stem}", Primary);
            case "ser":
                return ($"tia:{SeriesNumber().Replace(stem, "")}", Part);
            // Detached headers of NRRD and Ripple, and their data.
            case "nhdr" or "rpl":
                return ($"raw:{stem}", Primary);
            case "raw":
                return ($"raw:{stem}", Part);
            // Analyze (hdr + img), Quantum Detectors (mib + hdr), and microscopes that write a text file beside each picture.
            case "img" or "mib" or "tif" or "tiff":
                return ($"stem:{stem}", Primary);
            case "hdr" or "txt":
                return ($"stem:{stem}", Sidecar);
            // SerialEM: name.mrc.mdoc beside name.mrc, name.st.mdoc beside name.st.
            case "mdoc":
                return (Alone(stem).Key, Sidecar);
            default:
                return ($"file:{path}", Primary);
        }
    }

    [GeneratedRegex(@"_\d+$")]
    private static partial Regex SeriesNumber();
}
