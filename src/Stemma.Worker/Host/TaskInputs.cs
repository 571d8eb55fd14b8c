using Microsoft.Win32.SafeHandles;
using Stemma.Client;
using Stemma.Formats;
using Stemma.Worker.Native;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>Makes the bytes of a task's members readable on this machine: in the hub's blob folder, at the linked place, or fetched.</summary>
internal sealed class TaskInputs(StemmaClient client, WorkerOptions options)
{
    /// <summary>Of a file that waits for its reader, so much is brought from the disk meanwhile.</summary>
    private const long ReadAheadBytes = 4 << 20;

    private static readonly Retry Retry = new() { Patience = TimeSpan.FromMinutes(1) };

    /// <exception cref="UnsupportedVariantException">The set has more members than can be open at once.</exception>
    public async Task<ChildTask> PrepareAsync(HeldTask held)
    {
        var handedOver = options.Sandbox.IsClosed;
        if (handedOver && held.Task.Members.Count > options.MembersAtOnce)
            throw new UnsupportedVariantException(held.Name, $"its set has {held.Task.Members.Count} members; at most {options.MembersAtOnce} can be handed to a reader in a sandbox");
        var members = new ChildMember[held.Task.Members.Count];
        var opened = new List<SafeFileHandle>();
        held.Inputs = opened;
        for (var index = 0; index < members.Length; index++)
        {
            var member = held.Task.Members[index];
            var (path, file) = Local(member) ?? await FetchAsync(held, member, index).ConfigureAwait(false);
            members[index] = new ChildMember(member.Name, path);
            if (handedOver)
                opened.Add(file);
            else
                file.Dispose();
        }

        return new ChildTask(held.Task.Kind, held.Folder, members);
    }

    /// <summary>Where the local blob store keeps bytes: <c>3f/3fa4…</c>.</summary>
    internal static string BlobPath(string blobs, string sha256) => Path.Combine(blobs, sha256[..2], sha256);

    // Only a place that holds as many bytes as promised will do; the hub is asked for all others. On a share somebody may have put a link in the file's place.
    private (string Path, SafeFileHandle File)? Local(TaskMember member)
    {
        if (options.Blobs is not { } blobs)
            return null;
        var path = member.Linked is { } linked ? Path.Combine(linked.Root, linked.Path) : BlobPath(blobs, member.Sha256);
        var file = member.Linked is { } place ? RegularFile.Open(place.Root, place.Path) : RegularFile.Open(path);
        if (file is null)
            return null;
        if (RandomAccess.GetLength(file) == member.Size)
        {
            RegularFile.WillBeRead(file, Math.Min(member.Size, ReadAheadBytes));
            return (path, file);
        }

        file.Dispose();
        return null;
    }

    private async Task<(string Path, SafeFileHandle File)> FetchAsync(HeldTask held, TaskMember member, int index)
    {
        var path = Path.Combine(held.MakeFolder(), $"input-{index}");
        return await Retry.RunAsync(async token =>
        {
            await client.Tasks.DownloadInputAsync(held.Task.Id, held.Task.Attempt, member.FileId, path, token).ConfigureAwait(false);
            var file = RegularFile.Open(path) ?? throw new IOException($"{path} cannot be opened");
            var size = RandomAccess.GetLength(file);
            if (size == member.Size)
                return (path, file);
            file.Dispose();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{member.Name}: expected {member.Size} bytes, found {size}");
        }, held.Dropped).ConfigureAwait(false);
    }
}
