using System.Text.Json.Nodes;

namespace Stemma.Imaging.Vocabulary;

/// <summary>One mapped value of an acquisition.</summary>
/// <param name="Value">Number, text or boolean, in the vocabulary term's type.</param>
/// <param name="Unit">The term's unit (SI base or derived, as the vocabulary says); null for terms without one.</param>
/// <param name="Source">Path of the key in the original metadata that the value was taken from, e.g. <c>ImageTags.Microscope Info.Voltage</c>.</param>
public sealed record AcquiredValue(JsonValue Value, string? Unit, string Source);
