using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Harvest;

/// <summary>
/// The folder of a source, held open. Everything in it is reached from this handle: beneath it, through no symbolic link. Nothing is written, but
/// texts of our own (Sidecars) where an administrator allows it. Keep it no longer than a round of work: an open handle keeps a share from being unmounted.
/// </summary>
internal sealed class ShareFolder : IDisposable
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly SafeFileHandle _handle;

    private ShareFolder(SharePlace place, SafeFileHandle handle)
    {
        Place = place;
        _handle = handle;
        Stamp = ShareCalls.Stamp(handle, place.FullPath);
        IsLocal = Local(place.FullPath);
    }

    public SharePlace Place { get; }

    /// <summary>Which folder it is.</summary>
    public FileStamp Stamp { get; }

    /// <summary>On a disk of this machine: then the kernel tells of changes, and of programs that write.</summary>
    public bool IsLocal { get; }

    /// <exception cref="SourceAwayException">It cannot be reached.</exception>
    public static ShareFolder Open(SharePlace place)
    {
        try
        {
            using var root = ShareCalls.OpenRoot(place.Root);
            return new ShareFolder(place, ShareCalls.OpenFolder(root, place.Relative));
        }
        catch (ShareException refused)
        {
            throw new SourceAwayException($"The folder {place.FullPath} cannot be opened: {refused.Reason}. {(refused.Error is ShareCalls.TooManyLinks or ShareCalls.CrossesDevice
                ? "No part of it beneath the root may be a symbolic link."
                : "Is the share mounted, and may the hub's user read it?")}", refused);
        }
    }

    /// <summary>The entries of a folder, in the order that the share gives them, few at a time.</summary>
    /// <param name="path">Beneath this folder; empty for itself.</param>
    /// <exception cref="ShareException">It cannot be read.</exception>
    public IEnumerable<ShareItem> List(string path)
    {
        using var folder = ShareCalls.OpenFolder(_handle, path);
        var buffer = new byte[64 << 10];
        while (ShareCalls.ReadEntries(folder, buffer, path) is > 0 and var filled)
            for (var offset = 0; offset < filled;)
            {
                // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
                var length = BitConverter.ToUInt16(buffer, offset + 16);
                var type = buffer[offset + 18];
                var bytes = buffer.AsSpan(offset + 19, length - 19);
                bytes = bytes[..bytes.IndexOf((byte)0)];
                offset += length;
                if (!bytes.SequenceEqual("."u8) && !bytes.SequenceEqual(".."u8) && Describe(folder, path, bytes, type) is { } item)
                    yield return item;
            }
    }

    /// <summary>What is under a name now; null where there is nothing, or only a link.</summary>
    /// <exception cref="ShareException">The share does not say.</exception>
    public FileStamp? Probe(string path)
    {
        try
        {
            using var name = ShareCalls.OpenName(_handle, path);
            return ShareCalls.Stamp(name, path);
        }
        catch (ShareException absent) when (absent.IsAbsent)
        {
            return null;
        }
    }

    /// <exception cref="ShareException">It is not there, or may not be read.</exception>
    public SafeFileHandle OpenFile(string path) => ShareCalls.OpenFile(_handle, path);

    /// <summary>A folder in this one, held open.</summary>
    /// <exception cref="ShareException">It is not there, or may not be entered.</exception>
    public SafeFileHandle OpenFolder(string path) => ShareCalls.OpenFolder(_handle, path);

    /// <summary>An error that is not about one file or folder.</summary>
    public SourceAwayException Away(ShareException cause) => new($"The share of {Place.FullPath} does not answer as it should: {cause.Message}.", cause);

    public void Dispose() => _handle.Dispose();

    private static ShareItem? Describe(SafeFileHandle folder, string path, ReadOnlySpan<byte> bytes, byte type)
    {
        const byte unknown = 0, directory = 4, regular = 8;
        string name;
        try
        {
            name = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new ShareItem(Encoding.UTF8.GetString(bytes), ShareItemKind.Other, null, IsNameable: false);
        }

        if (type is not (unknown or directory or regular))
            return new ShareItem(name, ShareItemKind.Other, null, true);
        if (type == directory)
            return new ShareItem(name, ShareItemKind.Folder, null, true);
        try
        {
            var stamp = ShareCalls.Stamp(folder, name, SharePlace.Join(path, name));
            return new ShareItem(name, stamp.Kind, stamp.Kind == ShareItemKind.File ? stamp : null, true);
        }
        catch (ShareException gone) when (gone.IsAbsent)
        {
            return null;
        }
    }

    private static bool Local(string path)
    {
        try
        {
            return new DriveInfo(path).DriveType is DriveType.Fixed or DriveType.Ram or DriveType.Removable;
        }
        catch (Exception unknown) when (unknown is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
