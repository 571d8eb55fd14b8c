using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Stemma.Hub.Harvest;

namespace Stemma.Hub.Sidecars;

/// <summary>Something that is not ours stands where a text would; it is left alone.</summary>
internal sealed class ForeignTextException(string message) : Exception(message);

/// <summary>
/// One text beside a file of a share: written and removed in its folder, which is reached beneath the root through no link. What stands there is touched only if it begins as
/// our texts do and has a digest that we noted: a text that somebody wrote or edited is theirs.
/// </summary>
/// <param name="path">Of the text, beneath the root.</param>
internal sealed class ShareText(ShareFolder root, string path)
{
    /// <summary>Longest name that the file systems of Linux and Windows take, in bytes.</summary>
    private const int LongestName = 255;

    /// <summary>Ours are shorter; what is longer is not read to the end.</summary>
    private const int LongestText = 4 << 20;

    private readonly string _folder = path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
    private readonly string _name = path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Puts the text there, whole or not at all.</summary>
    /// <param name="file">Name of the file beside which it stands.</param>
    /// <param name="temporary">Name under which it is written first: ends as texts do, so that no harvest takes it.</param>
    /// <param name="ours">Digests of what we wrote there.</param>
    /// <param name="isUnchanged">Whether the file itself is the one that was linked: where the share is not mounted, nothing is written into the empty folder.</param>
    /// <exception cref="ForeignTextException">Something else has its name.</exception>
    /// <exception cref="ShareException">The share refuses: read-only, full, away.</exception>
    public void Put(string file, byte[] text, string temporary, IReadOnlyList<byte[]> ours, Func<FileStamp, bool> isUnchanged)
    {
        if (Encoding.UTF8.GetByteCount(_name) > LongestName)
            throw new ForeignTextException($"Its name has more than {LongestName} bytes, which no file system takes. Give the file a shorter name.");
        using var folder = root.OpenFolder(_folder);
        if (!isUnchanged(ShareCalls.Stamp(folder, file, path)))
            throw new ShareException(ShareCalls.NoEntry, SharePlace.Join(_folder, file));
        var digest = SHA256.HashData(text);
        var present = DigestOf(folder, _name, [.. ours, digest]);
        if (present is not null && present.AsSpan().SequenceEqual(digest))
            return;
        Write(folder, temporary, text);
        try
        {
            ShareCalls.Rename(folder, temporary, _name, replace: present is not null);
        }
        catch (ShareException refused)
        {
            RemoveQuietly(folder, temporary);
            throw refused.Error == ShareCalls.Exists ? new ForeignTextException("Somebody made a file of that name at this moment; it stays as it is.") : refused;
        }
    }

    /// <summary>Takes the text away, if it is ours. That it is gone already is well.</summary>
    /// <param name="ours">Digests of what we wrote there.</param>
    /// <exception cref="ForeignTextException">Something else has its name.</exception>
    /// <exception cref="ShareException">The share refuses, or its folder is not there.</exception>
    public void Remove(IReadOnlyList<byte[]> ours)
    {
        using var folder = root.OpenFolder(_folder);
        if (DigestOf(folder, _name, ours) is not null)
            ShareCalls.Remove(folder, _name);
        else if (!root.List(_folder).Any())
            // An unmounted share leaves an empty folder: that nothing is in it says nothing.
            throw new ShareException(ShareCalls.NoEntry, path);
    }

    /// <returns>The digest of what has the name; null: nothing has.</returns>
    private byte[]? DigestOf(SafeFileHandle folder, string name, IReadOnlyList<byte[]> ours)
    {
        FileStamp stamp;
        try
        {
            stamp = ShareCalls.Stamp(folder, name, path);
        }
        catch (ShareException absent) when (absent.Error == ShareCalls.NoEntry)
        {
            return null;
        }

        if (stamp.Kind != ShareItemKind.File)
            throw new ForeignTextException("A link or folder has its name; it stays as it is.");
        using var file = new FileStream(ShareCalls.OpenFile(folder, name), FileAccess.Read, bufferSize: 0);
        if (!SidecarMark.Begins(file))
            throw new ForeignTextException("Somebody's own file has its name; it stays as it is.");
        file.Position = 0;
        var digest = stamp.Size > LongestText ? [] : SHA256.HashData(file);
        return ours.Any(known => known.AsSpan().SequenceEqual(digest)) ? digest : throw new ForeignTextException("Somebody changed the text; it stays as it is. Delete it to have it written anew.");
    }

    private static void Write(SafeFileHandle folder, string temporary, byte[] text)
    {
        SafeFileHandle handle;
        try
        {
            handle = ShareCalls.CreateFile(folder, temporary);
        }
        catch (ShareException left) when (left.Error == ShareCalls.Exists)
        {
            // Left by a hub that ended in the middle: the name is nobody else's.
            ShareCalls.Remove(folder, temporary);
            handle = ShareCalls.CreateFile(folder, temporary);
        }

        try
        {
            using var file = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            RemoveQuietly(folder, temporary);
            throw;
        }
    }

    private static void RemoveQuietly(SafeFileHandle folder, string name)
    {
        try
        {
            ShareCalls.Remove(folder, name);
        }
        catch (ShareException)
        {
            // The next writing removes it.
        }
    }
}
