namespace Stemma.Hub.Rereading;

/// <summary>One fact that came out differently.</summary>
/// <param name="Key">
/// Format, images (their number), warnings; <c>image.shape</c>, <c>image.pixels</c>, <c>image.x.step</c> …; <c>acquisition.pixel_size</c>; or a key of the original metadata as
/// search names it, <c>original.Tecnai.User</c>.
/// </param>
/// <param name="Image">Which image; null where it is of the whole.</param>
/// <param name="Before">In words, at most 200 characters; null: it was not there.</param>
/// <param name="After">Null: it is not there any more.</param>
public sealed record ReadingChange(string Key, int? Image, string? Before, string? After);
