using System.Text;

namespace Stemma.Hub.Sidecars;

/// <summary>How a text that a hub wrote beside a file is told from everything else: by its name and how it begins.</summary>
public static class SidecarMark
{
    public const string Suffix = ".stemma.txt";

    /// <summary>What the file is, for whoever finds it.</summary>
    public const string FirstLine = $"{Beginning} beside it, so that searching on this computer finds it. Stemma writes this text again when the metadata change; it may be deleted.";

    private const string Beginning = "Written by Stemma: metadata of the file";
    private static readonly byte[] BeginningBytes = Encoding.UTF8.GetBytes(Beginning);

    /// <summary>So many first bytes of a file suffice to tell.</summary>
    public static int HeadBytes => Encoding.UTF8.Preamble.Length + BeginningBytes.Length;

    /// <summary>The text's name beside a file.</summary>
    public static string NameOf(string file) => file + Suffix;

    /// <summary>Whether a path is one that such a text may have.</summary>
    public static bool MayBe(string path) => path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <param name="head">The first <see cref="HeadBytes"/> of the file, or all of it.</param>
    public static bool Begins(ReadOnlySpan<byte> head) =>
        (head.StartsWith(Encoding.UTF8.Preamble) ? head[Encoding.UTF8.Preamble.Length..] : head).StartsWith(BeginningBytes);

    /// <summary>Whether an open file is such a text.</summary>
    public static bool Begins(Stream file)
    {
        var head = new byte[HeadBytes];
        return Begins(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }
}
