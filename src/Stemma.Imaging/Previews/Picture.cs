namespace Stemma.Imaging.Previews;

/// <summary>Values of a preview before brightness is chosen; NaN where there is nothing.</summary>
internal sealed record Picture(int Width, int Height, int Channels, float[] Values, double SourcePixelsPerPixel, string WhatIsShown);
