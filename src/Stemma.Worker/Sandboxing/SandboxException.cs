namespace Stemma.Worker.Sandboxing;

/// <summary>A sandbox is required, and this machine cannot have one.</summary>
public sealed class SandboxException(string message) : Exception(message);
