namespace Stemma.Hub.Annotations;

/// <summary>What is told of an image's annotations before they themselves are.</summary>
/// <param name="Tags">Each once, in the order in which they were first given.</param>
internal sealed record MarkedImage(long Count, IReadOnlyList<string> Tags);
