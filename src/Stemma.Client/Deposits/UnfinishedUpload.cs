namespace Stemma.Client;

/// <summary>An upload of one's own that the hub holds a part of.</summary>
/// <param name="Id">Last part of its address below <c>uploads/</c>.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Offset">Bytes that have arrived.</param>
/// <param name="Modified">When the file was last changed, as told at the beginning.</param>
public sealed record UnfinishedUpload(Guid Id, Guid? Node, string? Path, long Length, long Offset, DateTimeOffset? Modified, DateTimeOffset? ExpiresAt);
