using System.Text;
using System.Text.Json;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Indexing;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Hub.Sidecars;

/// <summary>
/// Writes what is known of a file set as plain text, a line for each fact. The same facts give the same bytes: nothing in it tells when it was written.
/// </summary>
/// <remarks>
/// UTF-8 with a byte order mark: without one, the text filter of Windows Search takes a .txt for the machine's old code page, and µ and ü are not found.
/// Lines end in CR LF: instrument PCs have editors that know no other end. Spotlight, Tracker and grep take both.
/// </remarks>
internal static class SidecarText
{
    /// <summary>Most keys of the original metadata; the rest is counted.</summary>
    public const int MostKeys = 2000;

    /// <summary>Longest value on one line, in characters.</summary>
    public const int LongestValue = 300;

    /// <summary>Longest description of one node, in characters.</summary>
    public const int LongestDescription = 4000;

    /// <summary>From so many characters on no further key is written: indexes of operating systems read the beginning of a file only.</summary>
    private const int LongestText = 200_000;

    private const int MostImages = 20, MostOthers = 50;

    public static byte[] Write(SidecarFacts facts)
    {
        var text = new StringBuilder();
        Line(text, SidecarMark.FirstLine);
        WriteNames(text, facts);
        WritePeople(text, facts);
        WriteDescriptions(text, facts);
        WriteImages(text, facts);
        WriteAcquisition(text, facts);
        WriteOriginal(text, facts);
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static void WriteNames(StringBuilder text, SidecarFacts facts)
    {
        var set = facts.Set;
        Title(text, "File");
        Fact(text, "Name", facts.MainFile[(facts.MainFile.LastIndexOf('/') + 1)..]);
        Fact(text, "Path in Stemma", string.Join(" / ", facts.Above.Select(node => node.Name).Append(facts.MainFile)));
        Fact(text, "Page", facts.Page);
        foreach (var node in facts.Above)
            Fact(text, $"{char.ToUpperInvariant(node.Kind.Word()[0])}{node.Kind.Word()[1..]}", node.Name);
        var others = set.Files.Where(file => file.Path != facts.MainFile).Select(file => file.Path).ToList();
        Fact(text, "Read together with", List(others, MostOthers));
        Fact(text, "Format", set.FormatName);
        Fact(text, "Tags", string.Join(", ", set.Tags));
        Fact(text, "Tags of what it lies in", string.Join(", ", facts.Above.SelectMany(node => node.Tags).Distinct()));
    }

    private static void WritePeople(StringBuilder text, SidecarFacts facts)
    {
        var set = facts.Set;
        Title(text, "People and terms");
        Fact(text, "Owner", string.Join(", ", facts.Owners));
        Fact(text, "Added by", string.Join(", ", set.Files.Select(file => file.DepositedBy.Name).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)));
        Fact(text, "Rights holder", set.Effective.RightsHolder?.Value);
        Fact(text, "Licence", set.Effective.Licence?.Value);
        foreach (var sample in facts.Samples)
            Fact(text, "Sample", sample);
        foreach (var session in facts.Sessions)
            Fact(text, "Session", session);
        foreach (var (name, value) in facts.Fields)
            Fact(text, name, value);
        Fact(text, "Marked in its images", string.Join(", ", facts.Marks));
    }

    private static void WriteDescriptions(StringBuilder text, SidecarFacts facts)
    {
        // The nearest first.
        foreach (var node in facts.Above.Reverse().Where(node => !string.IsNullOrWhiteSpace(node.Description)))
        {
            Title(text, $"About the {node.Kind.Word()} {OneLine(node.Name)}");
            foreach (var line in Shortened(node.Description, LongestDescription).ReplaceLineEndings("\n").Split('\n'))
                Line(text, OneLine(line));
        }
    }

    private static void WriteImages(StringBuilder text, SidecarFacts facts)
    {
        var images = facts.Set.Images;
        if (images.Count == 0)
            return;
        Title(text, "Images");
        foreach (var image in images.Take(MostImages))
            // Width first, as microscopes write it.
            Fact(text, $"Image {image.Index + 1}", $"{string.Join(" × ", image.Shape.Reverse())} {image.PixelType}{(image.Title is { Length: > 0 } title ? $", {title}" : "")}");
        if (images.Count > MostImages)
            Line(text, $"({images.Count - MostImages} further images are left out here.)");
    }

    private static void WriteAcquisition(StringBuilder text, SidecarFacts facts)
    {
        if (facts.Set.Acquisition is not { ValueKind: JsonValueKind.Object } acquisition)
            return;
        Title(text, "Acquisition");
        foreach (var term in VocabularyFile.Default.Terms)
            if (acquisition.TryGetProperty(term.Name, out var acquired) && acquired.TryGetProperty("value", out var value))
                Fact(text, term.Label, value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
                    ? QuantityText.Of(number, acquired.TryGetProperty("unit", out var unit) ? unit.GetString() : null) : value.ToString());
    }

    private static void WriteOriginal(StringBuilder text, SidecarFacts facts)
    {
        if (facts.Original is not { } tree)
            return;
        Title(text, "Original metadata");
        var (written, left) = (0, 0);
        foreach (var (path, value) in OriginalTree.Leaves(tree))
            if (written < MostKeys && text.Length < LongestText)
            {
                written++;
                Line(text, $"{OneLine(path)}: {OneLine(Shortened(value.ToString(), LongestValue))}");
            }
            else
                left++;
        if (left > 0)
            Line(text, $"({left} further values are left out here; the page has them.)");
    }

    private static string List(List<string> names, int most) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");

    private static void Title(StringBuilder text, string title)
    {
        Line(text, "");
        Line(text, title);
    }

    /// <summary>What is not recorded has no line.</summary>
    private static void Fact(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            Line(text, $"{OneLine(name)}: {OneLine(Shortened(value, LongestDescription))}");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    private static string Shortened(string text, int most) =>
        text.Length <= most ? text : $"{text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}…";

    private static string OneLine(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(letter => letter == '\t' ? ' ' : char.IsControl(letter) ? '\ufffd' : letter)).TrimEnd();
}
