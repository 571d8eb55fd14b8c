using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>One reference to a GObject (an image or a region of libvips).</summary>
internal sealed class GObjectHandle : SafeHandle
{
    public GObjectHandle(nint instance) : base(0, ownsHandle: true) => SetHandle(instance);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibGLib.Unref(handle);
        return true;
    }
}
