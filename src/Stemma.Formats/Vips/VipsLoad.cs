using Stemma.Formats.Native;

namespace Stemma.Formats.Vips;

/// <summary>Runs a loader and says in our words why it refused.</summary>
internal static class VipsLoad
{
    /// <exception cref="MalformedFileException">The loader cannot make sense of the file.</exception>
    /// <exception cref="UnsupportedVariantException">The loader is not installed.</exception>
    public static GObjectHandle Open(MemberFile file, VipsSignature signature, params ReadOnlySpan<(string, string)> options)
    {
        try
        {
            // Half-read files must not pass for whole ones.
            return VipsLibrary.Run(signature.Loader, null, [("filename", file.LibraryPath), ("fail-on", "truncated"), .. options]);
        }
        catch (VipsException missing) when (missing.IsMissing)
        {
            throw new UnsupportedVariantException(file.Name, $"{signature.Variant} needs a module of libvips that is not installed here ({missing.Message})");
        }
        catch (VipsException refused)
        {
            throw Damaged(file, signature.Variant, refused);
        }
    }

    /// <summary>Where the bytes lie is nobody's business: the decoder's words name the file as people know it.</summary>
    public static MalformedFileException Damaged(MemberFile file, string what, VipsException refused) =>
        new(file.Name, null, $"a readable {what}", $"what the decoder calls: {refused.Message.Replace(file.LibraryPath, file.Name, StringComparison.Ordinal)}", refused);
}
