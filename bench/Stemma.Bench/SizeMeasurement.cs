namespace Stemma.Bench;

/// <summary>What something takes on the disk, or on the wire.</summary>
/// <param name="Size">What was measured, in words and numbers.</param>
public sealed record SizeMeasurement(string Bench, string Size, long Bytes, long? BytesPerFile);
