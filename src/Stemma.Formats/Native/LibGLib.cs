using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>A GValue (gvalue.h): type and two words of content; must be zero before <c>g_value_init</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public long First;
    public long Second;
}

/// <summary>What libvips needs of GLib 2 and GObject. Licence of the libraries: LGPL-2.1-or-later.</summary>
internal static partial class LibGLib
{
    private const string GLib = "libglib-2.0.so.0";
    private const string GObject = "libgobject-2.0.so.0";

    /// <summary>G_TYPE_OBJECT: fundamental type 20, shifted by G_TYPE_FUNDAMENTAL_SHIFT.</summary>
    public const nuint ObjectType = 20 << 2;

    [LibraryImport(GLib, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    [LibraryImport(GLib, EntryPoint = "g_strfreev")]
    public static partial void FreeStrings(nint strings);

    [LibraryImport(GLib, EntryPoint = "g_setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, [MarshalAs(UnmanagedType.Bool)] bool overwrite);

    [LibraryImport(GObject, EntryPoint = "g_object_unref")]
    public static partial void Unref(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_value_init")]
    public static partial nint InitValue(ref GValue value, nuint type);

    [LibraryImport(GObject, EntryPoint = "g_value_unset")]
    public static partial void UnsetValue(ref GValue value);

    [LibraryImport(GObject, EntryPoint = "g_value_set_object")]
    public static partial void SetObject(ref GValue value, GObjectHandle instance);

    /// <summary>The object with a reference of the caller's own.</summary>
    [LibraryImport(GObject, EntryPoint = "g_value_dup_object")]
    public static partial nint DupObject(ref GValue value);

    [LibraryImport(GObject, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(nint instance, string name, ref GValue value);

    [LibraryImport(GObject, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetProperty(nint instance, string name, ref GValue value);
}
