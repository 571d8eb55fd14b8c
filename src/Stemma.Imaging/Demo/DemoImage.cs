namespace Stemma.Imaging.Demo;

/// <summary>A computed image, whole in memory.</summary>
/// <param name="Pixels">C order, little-endian, tightly packed.</param>
public sealed record DemoImage(ImageDescription Description, ReadOnlyMemory<byte> Pixels);
