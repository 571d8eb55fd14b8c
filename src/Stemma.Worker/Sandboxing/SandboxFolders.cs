namespace Stemma.Worker.Sandboxing;

/// <param name="Work">For artifacts and entries; plain files only.</param>
/// <param name="Temporary">For what libraries put aside.</param>
internal sealed record SandboxFolders(string Work, string Temporary);
