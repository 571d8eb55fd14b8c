using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stemma.Imaging.Vocabulary;

[JsonConverter(typeof(JsonStringEnumConverter<VocabularyType>))]
public enum VocabularyType
{
    [JsonStringEnumMemberName("number")] Number,
    [JsonStringEnumMemberName("text")] Text,
}

/// <summary>One term that readers, search, forms and documentation share.</summary>
/// <param name="Name">Stable identifier in snake case.</param>
/// <param name="Label">What a person reads.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Unit">Unit in which numbers are kept (SI); null for text and for pure numbers.</param>
/// <param name="Synonyms">Other names under which people look for it.</param>
/// <param name="Source">Where the definition comes from.</param>
public sealed record VocabularyTerm(
    string Name, string Label, string Meaning, VocabularyType Type, string? Unit, IReadOnlyList<string> Synonyms, string Source);

/// <summary>The vocabulary: <c>Vocabulary/vocabulary.json</c>, embedded.</summary>
public sealed class VocabularyFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Dictionary<string, VocabularyTerm> _terms;

    private VocabularyFile(IReadOnlyList<VocabularyTerm> terms)
    {
        Terms = terms;
        _terms = terms.ToDictionary(term => term.Name, StringComparer.Ordinal);
    }

    public static VocabularyFile Default { get; } = Load();

    /// <summary>In the file's order, which is the order in which people want to see them.</summary>
    public IReadOnlyList<VocabularyTerm> Terms { get; }

    /// <exception cref="ArgumentException">The vocabulary has no such term.</exception>
    public VocabularyTerm this[string name] =>
        _terms.TryGetValue(name, out var term) ? term : throw new ArgumentException($"The vocabulary has no term '{name}'.", nameof(name));

    private static VocabularyFile Load()
    {
        using var stream = typeof(VocabularyFile).Assembly.GetManifestResourceStream("vocabulary.json")!;
        return new VocabularyFile(JsonSerializer.Deserialize<List<VocabularyTerm>>(stream, Options)!);
    }
}
