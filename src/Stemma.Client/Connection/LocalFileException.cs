namespace Stemma.Client;

/// <summary>A file on this machine could not be read or written; trying again over the network would not help.</summary>
public sealed class LocalFileException(string message, Exception? inner = null) : IOException(message, inner);
