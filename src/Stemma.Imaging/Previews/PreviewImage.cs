namespace Stemma.Imaging.Previews;

/// <summary>A picture of an image for people to look at.</summary>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Pixels">Rows from the top, tightly packed, one byte per channel.</param>
/// <param name="Range">Values shown as black and white; of a curve, its lowest and highest value.</param>
/// <param name="WhatIsShown">In words, e.g. <c>middle of 60 planes along z</c>.</param>
/// <param name="SourcePixelsPerPreviewPixel">How many pixels of the image one pixel of the preview spans, in both directions; null where that means nothing, as for a curve.</param>
/// <param name="HorizontalAxis">Index of the axis (in the description's order) that runs to the right; null where there is no single one. With its scale a bar can be drawn.</param>
/// <param name="VerticalAxis">Index of the axis that runs downwards; null where there is no single one.</param>
/// <param name="IsDrawing">Lines on an even ground, for which PNG is the right coding; else JPEG is.</param>
public sealed record PreviewImage(
    int Width, int Height, int Channels, byte[] Pixels, DisplayRange Range, string WhatIsShown,
    double? SourcePixelsPerPreviewPixel, int? HorizontalAxis, int? VerticalAxis, bool IsDrawing);
