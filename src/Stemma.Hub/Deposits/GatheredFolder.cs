using System.Text.RegularExpressions;

namespace Stemma.Hub.Deposits;

/// <summary>A folder that is one file set as a whole because of a file in it.</summary>
/// <param name="Path">Path in the dataset; empty for the dataset itself.</param>
public sealed partial record GatheredFolder(GatheredFolder.FolderKind Kind, string Path)
{
    internal static readonly FolderKind[] Kinds = [new ZarrTree(), new JeolProject()];

    public string Key => $"{Kind.Word}:{Path}";

    /// <summary>Whether a file of the dataset belongs to the folder's set: a note that a person put into the folder does not.</summary>
    public bool Holds(string path)
    {
        if (Path.Length == 0)
            return Kind.Holds(path);
        return path.Length > Path.Length && path[Path.Length] == '/' && path.StartsWith(Path, StringComparison.Ordinal) && Kind.Holds(path[(Path.Length + 1)..]);
    }

    /// <summary>What kind of folder: which file marks it, and what belongs to it.</summary>
    public abstract class FolderKind
    {
        internal abstract string Word { get; }

        /// <summary>Whether a file of this name, directly in a folder, makes the folder one set.</summary>
        internal abstract bool IsMark(string name);

        internal abstract bool IsPrimary(string name);

        /// <param name="below">Path below the folder.</param>
        internal abstract bool Holds(string below);
    }

    /// <summary>A Zarr hierarchy whose folder is not called <c>.zarr</c>: metadata files, and chunks, whose names are numbers.</summary>
    private sealed partial class ZarrTree : FolderKind
    {
        internal override string Word => "zarr";

        internal override bool IsMark(string name) => name is ".zgroup" or ".zattrs" or ".zarray" or ".zmetadata" or "zarr.json";

        internal override bool IsPrimary(string name) => FileSetGrouping.IsTreeRoot(name);

        internal override bool Holds(string below)
        {
            var name = below[(below.LastIndexOf('/') + 1)..];
            return IsMark(name) || Chunk().IsMatch(name) || name == "METADATA.ome.xml";
        }

        [GeneratedRegex(@"^(c\.)?\d+(\.\d+)*$|^c$")]
        private static partial Regex Chunk();
    }

    /// <summary>A JEOL Analysis Station project: an .ASW beside a folder <c>Sample</c> with everything measured.</summary>
    private sealed class JeolProject : FolderKind
    {
        private static readonly string[] Extensions = [".asw", ".apb", ".img", ".map", ".eds", ".pts", ".mtl", ".ipr", ".phi"];

        internal override string Word => "jeol";

        internal override bool IsMark(string name) => name.EndsWith(".asw", StringComparison.OrdinalIgnoreCase);

        internal override bool IsPrimary(string name) => IsMark(name);

        internal override bool Holds(string below) =>
            below.StartsWith("Sample/", StringComparison.Ordinal) || Extensions.Any(extension => below.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }
}
