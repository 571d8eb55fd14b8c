namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// Gatan DigitalMicrograph, versions 3 (<c>.dm3</c>) and 4 (<c>.dm4</c>). Gatan publishes no specification; the layout is described by
/// Greg Jefferis (https://imagejdocu.list.lu/plugin/utilities/dm3_reader/start) and Chris Boothroyd (https://personal.ntu.edu.sg/cbb/info/dmformat/).
/// </summary>
/// <param name="version">3 or 4.</param>
public sealed class DigitalMicrographFormat(int version) : IFormat
{
    public string Id => $"digital-micrograph-{version}";

    public string Name => $"Gatan DigitalMicrograph {version}";

    public string ReaderVersion => "1";

    public string MappingVersion => "1";

    public bool TryDetect(ReadOnlySpan<byte> header, string fileName) => DmHeader.TryDecode(header)?.Version == version;

    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken) =>
        ValueTask.FromResult(DigitalMicrographReader.Identify(this, input, cancellationToken));
}
