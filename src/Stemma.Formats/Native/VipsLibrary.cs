using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>
/// libvips, started once per process and closed to everything but the loaders we mean to use. It parses untrusted bytes and links GPL modules:
/// it belongs into reader children and the command line, never into the hub.
/// </summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders =
    [
        "VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadJp2k", "VipsForeignLoadNsgif",
        "VipsForeignLoadTiff", "VipsForeignLoadHeif", "VipsForeignLoadOpenslide",
    ];

    private static readonly Lazy<bool> Started = new(Start);

    // The error buffer is shared by all threads: whoever may fail holds this until the message is read.
    private static readonly Lock ErrorGate = new();

    /// <exception cref="NativeLibraryMissingException">libvips is not installed.</exception>
    public static void EnsureStarted() => _ = Started.Value;

    /// <summary>Runs an operation and returns its output image. Arguments are given as libvips writes them on its command line.</summary>
    /// <exception cref="VipsException">The operation is unknown (a module is missing), blocked, or failed.</exception>
    public static GObjectHandle Run(string operation, GObjectHandle? input, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        EnsureStarted();
        lock (ErrorGate)
        {
            var instance = LibVips.NewOperation(operation);
            if (instance == 0)
                throw new VipsException(TakeErrors(), isMissing: true);
            try
            {
                if (input is not null)
                    SetImage(instance, "in", input);
                foreach (var (name, value) in arguments)
                    if (LibVips.SetArgument(instance, name, value) != 0)
                        throw new VipsException(TakeErrors());
                if (LibVips.Build(instance) != 0)
                    throw new VipsException(TakeErrors());
                return GetImage(instance, "out");
            }
            finally
            {
                LibVips.UnrefOutputs(instance);
                LibGLib.Unref(instance);
            }
        }
    }

    /// <summary>Whether a loader is present and accepts the file.</summary>
    public static bool Accepts(string loader, string path)
    {
        EnsureStarted();
        lock (ErrorGate)
        {
            var accepts = LibVips.IsA(loader, path);
            _ = TakeErrors();
            return accepts;
        }
    }

    /// <summary>All fields of an image by name, in the library's order.</summary>
    public static IReadOnlyList<string> Fields(GObjectHandle image)
    {
        var list = LibVips.GetFields(image);
        var names = new List<string>();
        for (var at = 0; list != 0 && Marshal.ReadIntPtr(list, at) is var name and not 0; at += nint.Size)
            names.Add(Marshal.PtrToStringUTF8(name) ?? "");
        LibGLib.FreeStrings(list);
        return names;
    }

    /// <summary>A field as text; null where the image has none of that name.</summary>
    public static string? Text(GObjectHandle image, string field)
    {
        lock (ErrorGate)
        {
            if (LibVips.GetAsString(image, field, out var text) != 0)
            {
                _ = TakeErrors();
                return null;
            }

            var value = Marshal.PtrToStringUTF8(text);
            LibGLib.Free(text);
            return value;
        }
    }

    /// <summary>A binary field; null where the image has none of that name.</summary>
    public static byte[]? Blob(GObjectHandle image, string field)
    {
        lock (ErrorGate)
        {
            if (LibVips.GetBlob(image, field, out var data, out var length) != 0)
            {
                _ = TakeErrors();
                return null;
            }

            var bytes = new byte[checked((int)length)];
            Marshal.Copy(data, bytes, 0, bytes.Length);
            return bytes;
        }
    }

    /// <summary>Computes a rectangle of an image and hands its packed pixels to <paramref name="use"/>.</summary>
    /// <exception cref="VipsException">The file cannot be decoded there.</exception>
    public static unsafe void Fetch(GObjectHandle image, int left, int top, int width, int height, ReadOnlySpanAction use)
    {
        // A region belongs to the thread that made it, so each read has its own.
        using var region = new GObjectHandle(LibVips.NewRegion(image));
        nuint length = 0;
        var pixels = region.IsInvalid ? 0 : LibVips.Fetch(region, left, top, width, height, out length);
        if (pixels == 0)
            lock (ErrorGate)
                throw new VipsException(TakeErrors());
        try
        {
            use(new ReadOnlySpan<byte>((void*)pixels, checked((int)length)));
        }
        finally
        {
            LibGLib.Free(pixels);
        }
    }

    public delegate void ReadOnlySpanAction(ReadOnlySpan<byte> pixels);

    private static bool Start()
    {
        try
        {
            // Warnings are for a person at a terminal; ours go into exceptions. (The process's own environment is not seen by C code.)
            _ = LibGLib.SetEnvironment("VIPS_WARNING", "1", overwrite: true);
            if (LibVips.Init("stemma") != 0)
                throw new VipsException(TakeErrors());
        }
        catch (DllNotFoundException missing)
        {
            throw new NativeLibraryMissingException(LibVips.Library, LibVips.Package, missing);
        }

        LibVips.BlockUntrusted(true);
        LibVips.BlockOperation("VipsForeignLoad", true);
        LibVips.BlockOperation("VipsForeignSave", true);
        foreach (var loader in Loaders)
            LibVips.BlockOperation(loader, false);

        // The operation cache would answer for a path whose bytes have changed, and keep files open.
        LibVips.SetCacheMax(0);
        LibVips.SetCacheMaxMemory(32 << 20);
        LibVips.SetCacheMaxFiles(8);

        // Parallelism comes from one reader child per core.
        LibVips.SetConcurrency(1);
        return true;
    }

    private static void SetImage(nint operation, string name, GObjectHandle image)
    {
        var value = default(GValue);
        LibGLib.InitValue(ref value, LibGLib.ObjectType);
        LibGLib.SetObject(ref value, image);
        LibGLib.SetProperty(operation, name, ref value);
        LibGLib.UnsetValue(ref value);
    }

    private static GObjectHandle GetImage(nint operation, string name)
    {
        var value = default(GValue);
        LibGLib.InitValue(ref value, LibGLib.ObjectType);
        LibGLib.GetProperty(operation, name, ref value);
        var image = LibGLib.DupObject(ref value);
        LibGLib.UnsetValue(ref value);
        return new GObjectHandle(image);
    }

    /// <summary>The messages in one line.</summary>
    private static string TakeErrors()
    {
        var copy = LibVips.CopyErrors();
        var text = Marshal.PtrToStringUTF8(copy) ?? "";
        LibGLib.Free(copy);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(3);
        return string.Join("; ", lines) is { Length: > 0 } line ? line : "no reason given";
    }
}
