using System.Globalization;

namespace Stemma.Bench.Catalog;

/// <summary>What people ask, by how often things occur.</summary>
/// <param name="make">A file of a number: half of the questions are about one that is there.</param>
/// <param name="places">Names that <c>in:</c> may name for whoever asks.</param>
internal sealed class Questions(Dice dice, int count, Func<long, MadeFile> make, IReadOnlyList<string> places)
{
    public static string Search(string query) => $"search?q={Uri.EscapeDataString(query)}";

    public static string Facets(string query) => $"search/facets?q={Uri.EscapeDataString(query)}";

    public static string Suggestions(string typed) => $"search/suggestions?q={Uri.EscapeDataString(typed)}";

    /// <summary>One to three words; in half of the questions the last one is not typed to its end.</summary>
    public string Words()
    {
        var most = 1 + dice.Below(3);
        var words = dice.Is(0.5) ? AnyFile().Name.Split('_')[..^1].Take(most).ToArray() : [.. Enumerable.Range(0, most).Select(_ => Wording.Words.Draw(dice))];
        if (dice.Is(0.5) && words[^1].Length > 3)
            words[^1] = words[^1][..(3 + dice.Below(words[^1].Length - 3))];
        return string.Join(' ', words);
    }

    /// <summary>One to three fields, of which some stand beside a word.</summary>
    public string Fields()
    {
        var file = AnyFile();
        var terms = Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => Field(file)).Distinct().ToList();
        if (dice.Is(0.3))
            terms.Add(file.Name.Split('_')[0]);
        return string.Join(' ', terms);
    }

    /// <summary>What the suggestions are asked for, letter by letter: a word of three to six letters, at times of a field.</summary>
    public IEnumerable<string> Typing()
    {
        var word = dice.Below(4) switch
        {
            0 => AnyFile().Instrument.Name.ToLowerInvariant(),
            1 => Wording.Tags.Draw(dice),
            _ => Wording.Words.Draw(dice),
        };
        var before = dice.Below(6) switch
        {
            0 => "instrument:",
            1 => "tag:",
            2 => "original.",
            _ => "",
        };
        word = word[..Math.Min(word.Length, 3 + dice.Below(4))];
        return Enumerable.Range(1, word.Length).Select(letters => before + word[..letters]);
    }

    private MadeFile AnyFile() => make(dice.Below(count));

    private string Field(MadeFile file) => dice.Below(12) switch
    {
        0 => $"instrument:\"{file.Instrument.Name}\"",
        1 => $"detector:\"{dice.Of(file.Instrument.Detectors)}\"",
        2 => $"accelerating_voltage:{(dice.Of(file.Instrument.Voltages) / 1000).ToString(CultureInfo.InvariantCulture)}kV",
        3 => dice.Scaled(0.03, 10) is var pixel ? string.Create(CultureInfo.InvariantCulture, $"pixel_size:{pixel:0.###}nm..{pixel * 2:0.###}nm") : "",
        4 => dice.Of(["nominal_magnification:>500k", "nominal_magnification:10kx..20kx", "exposure_time:1ms..10ms", "size:>1MB", "stage_x:-0.1mm..0.1mm"]),
        5 => $"date:{file.AcquiredAt.Year}",
        6 => string.Create(CultureInfo.InvariantCulture, $"date:{file.AcquiredAt:yyyy-MM}..{file.AcquiredAt.AddMonths(2):yyyy-MM}"),
        7 => $"tag:\"{Wording.Tags.Draw(dice)}\"",
        8 => $"in:\"{dice.Of(places)}\"",
        9 => file.Instrument.Choice[dice.Below(file.Instrument.Choice.Count)] is var key ? $"original.{key.Path}:\"{key.Values.Draw(dice)}\"" : "",
        10 => dice.Of(["kind:\"spectrum image\"", "kind:spectrum", "has:calibration", "imaging_mode:STEM", "format:velox"]),
        _ => $"specimen:{file.Name.Split('_')[0]}",
    };
}
