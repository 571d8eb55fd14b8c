namespace Stemma.Bench.Catalog;

/// <summary>The words that people write: those of the trade, which are in every second name, and 20,000 made of syllables, which are rarer and rarer.</summary>
internal static class Wording
{
    private const int Made = 20_000;

    private static readonly string[] Trade =
    [
        "overview", "steel", "gold", "particles", "area", "precipitates", "sample", "lamella", "boundary", "oxide", "carbon", "region", "stem", "haadf", "edge", "interface", "alloy", "tilt",
        "diffraction", "eels", "map", "silicon", "nanoparticles", "foil", "grain", "defect", "layer", "dislocation", "catalyst", "annealed", "zeolite", "graphene", "before", "after", "beam", "damage",
        "ferrite", "austenite", "nickel", "platinum", "titanium", "aluminium", "copper", "cobalt", "cathode", "anode", "cell", "membrane", "virus", "ribosome", "vesicle", "filament", "grid", "negative",
        "stain", "cryo", "tomogram", "series", "reference", "calibration", "background", "vacuum", "aligned", "drift", "focus", "quench", "creep", "fracture", "coating", "corrosion",
    ];

    private static readonly string[] Syllables = ["ba", "co", "di", "fer", "gal", "hum", "in", "jo", "kel", "lan", "mar", "nor", "os", "per", "qui", "ran", "sol", "tan", "um", "vin", "wer", "xen", "yt", "zir"];

    public static Skewed<string> Words { get; } = new([.. Trade, .. Enumerable.Range(0, Made).Select(Invented)]);

    /// <summary>What projects and datasets are called and described by: each is about something else, so that no word is in many.</summary>
    private static readonly Skewed<string> Topics = new(Words.Choices, 0.6);

    public static Skewed<string> Tags { get; } = new([.. Enumerable.Range(0, 300).Select(place => place < Trade.Length ? Trade[^(place + 1)] : $"{Invented(place)} {place % 7}")]);

    public static string Name(Dice dice) => string.Join('_', Enumerable.Range(0, 3 + dice.Below(3)).Select(_ => Words.Draw(dice)));

    public static string Topic(Dice dice, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Topics.Draw(dice)));

    public static string Sentence(Dice dice, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words.Draw(dice)));

    /// <summary>Each number another word of three or four syllables.</summary>
    private static string Invented(int number)
    {
        var spread = (int)((number * 104_729L) % (Syllables.Length * Syllables.Length * Syllables.Length));
        var word = Syllables[spread % Syllables.Length] + Syllables[spread / Syllables.Length % Syllables.Length] + Syllables[spread / (Syllables.Length * Syllables.Length)];
        return number < Syllables.Length * Syllables.Length * Syllables.Length ? word : word + Syllables[number % Syllables.Length];
    }
}
