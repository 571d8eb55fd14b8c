namespace Stemma.Formats;

/// <summary>All formats, in the order in which they are asked.</summary>
public sealed class FormatRegistry(IReadOnlyList<IFormat> formats)
{
    /// <summary>How many first bytes of a file the detectors see.</summary>
    public const int HeaderBytes = 4096;

    /// <summary>Specific formats first; the general rasters last.</summary>
    public static FormatRegistry Default { get; } = new(
    [
        new DigitalMicrograph.DigitalMicrographFormat(3),
        new DigitalMicrograph.DigitalMicrographFormat(4),
        new Mrc.MrcFormat(),
        new Tiff.TiffFormat(),
        new Vips.VipsFormat(),
    ]);

    public IReadOnlyList<IFormat> Formats { get; } = formats;

    /// <summary>Finds the reader for a file set by its primary file's content; null where there is none yet.</summary>
    public IFormat? Detect(FileSetInput input) => DetectAll(input).FirstOrDefault();

    /// <summary>Reads with the first format that detects the file; where that one does not read this kind of it, the next that detects it is asked.</summary>
    /// <exception cref="UnknownFormatException">No reader knows the file.</exception>
    /// <exception cref="UnsupportedVariantException">Readers know the format, but none this kind of it; the first one's reason.</exception>
    /// <exception cref="MalformedFileException">The file is damaged.</exception>
    public async ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken = default)
    {
        UnsupportedVariantException? reason = null;
        foreach (var format in DetectAll(input))
        {
            try
            {
                return await format.IdentifyAsync(input, cancellationToken).ConfigureAwait(false);
            }
            catch (UnsupportedVariantException unsupported)
            {
                reason ??= unsupported;
            }
        }

        throw reason ?? (Exception)new UnknownFormatException(input.Primary.Name, Describe(input.Primary));
    }

    private List<IFormat> DetectAll(FileSetInput input)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = input.Primary.Open();
        var length = RandomAccess.Read(file, header, 0);
        var found = new List<IFormat>();
        foreach (var format in Formats)
            if (format.TryDetect(header[..length], input.Primary.Name))
                found.Add(format);
        return found;
    }

    private static string Describe(MemberFile member)
    {
        Span<byte> head = stackalloc byte[8];
        using var file = member.Open();
        var length = RandomAccess.Read(file, head, 0);
        return length == 0 ? "the file is empty" : $"it begins with {Convert.ToHexString(head[..length])}";
    }
}
