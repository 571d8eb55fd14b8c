using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>
/// The part of libvips 8.14 that is no varargs: operations are made by name and their arguments set as GObject properties.
/// Source: libvips reference, "VipsOperation", "VipsObject", "VipsRegion". Licence of the library: LGPL-2.1-or-later.
/// </summary>
internal static partial class LibVips
{
    public const string Library = "libvips.so.42";
    public const string Package = "libvips42";

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(string program);

    [LibraryImport(Library, EntryPoint = "vips_block_untrusted_set")]
    public static partial void BlockUntrusted([MarshalAs(UnmanagedType.Bool)] bool state);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void BlockOperation(string className, [MarshalAs(UnmanagedType.Bool)] bool state);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    public static partial void SetCacheMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max_mem")]
    public static partial void SetCacheMaxMemory(nuint bytes);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max_files")]
    public static partial void SetCacheMaxFiles(int files);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    public static partial void SetConcurrency(int threads);

    /// <summary>Returns the messages since the last call, to be freed by the caller, and forgets them.</summary>
    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    public static partial nint CopyErrors();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewOperation(string name);

    [LibraryImport(Library, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetArgument(nint operation, string name, string value);

    [LibraryImport(Library, EntryPoint = "vips_object_build")]
    public static partial int Build(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    public static partial void UnrefOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_foreign_is_a", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsA(string loader, string fileName);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    public static partial int GetWidth(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    public static partial int GetHeight(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    public static partial int GetBands(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    public static partial int GetFormat(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    public static partial int GetInterpretation(GObjectHandle image);

    /// <summary>Pixels per millimetre.</summary>
    [LibraryImport(Library, EntryPoint = "vips_image_get_xres")]
    public static partial double GetXResolution(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_yres")]
    public static partial double GetYResolution(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_n_pages")]
    public static partial int GetPageCount(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_page_height")]
    public static partial int GetPageHeight(GObjectHandle image);

    /// <summary>A null-terminated list of names; free with <see cref="LibGLib.FreeStrings"/>.</summary>
    [LibraryImport(Library, EntryPoint = "vips_image_get_fields")]
    public static partial nint GetFields(GObjectHandle image);

    /// <summary>A field of any type as text (binary as base64); free with <see cref="LibGLib.Free"/>.</summary>
    [LibraryImport(Library, EntryPoint = "vips_image_get_as_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetAsString(GObjectHandle image, string name, out nint text);

    /// <summary>The bytes of a binary field; they belong to the image.</summary>
    [LibraryImport(Library, EntryPoint = "vips_image_get_blob", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetBlob(GObjectHandle image, string name, out nint data, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_region_new")]
    public static partial nint NewRegion(GObjectHandle image);

    /// <summary>Computes a rectangle and returns its pixels packed; free with <see cref="LibGLib.Free"/>. Null on failure.</summary>
    [LibraryImport(Library, EntryPoint = "vips_region_fetch")]
    public static partial nint Fetch(GObjectHandle region, int left, int top, int width, int height, out nuint length);
}
