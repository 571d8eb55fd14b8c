using Stemma.Client;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Host;

/// <summary>Makes the bytes of a task's members readable on this machine: in the hub's blob folder, at the linked place, or fetched.</summary>
internal sealed class TaskInputs(StemmaClient client, string? blobs)
{
    private static readonly Retry Retry = new() { Patience = TimeSpan.FromMinutes(1) };

    public async Task<ChildTask> PrepareAsync(HeldTask held)
    {
        ScratchFolder.Create(held.Folder);
        var members = new ChildMember[held.Task.Members.Count];
        for (var index = 0; index < members.Length; index++)
        {
            var member = held.Task.Members[index];
            members[index] = new ChildMember(member.Name, Local(member) ?? await FetchAsync(held, member, index).ConfigureAwait(false));
        }

        return new ChildTask(held.Task.Kind, held.Folder, members);
    }

    /// <summary>Where the local blob store keeps bytes: <c>3f/3fa4…</c>.</summary>
    internal static string BlobPath(string blobs, string sha256) => Path.Combine(blobs, sha256[..2], sha256);

    // Only a place that holds as many bytes as promised will do; the hub is asked for all others.
    private string? Local(TaskMember member)
    {
        if (blobs is null)
            return null;
        var path = member.Linked is { } linked ? Path.Combine(linked.Root, linked.Path) : BlobPath(blobs, member.Sha256);
        return new FileInfo(path) is { Exists: true } file && file.Length == member.Size ? path : null;
    }

    private async Task<string> FetchAsync(HeldTask held, TaskMember member, int index)
    {
        var path = Path.Combine(held.Folder, $"input-{index}");
        return await Retry.RunAsync(async token =>
        {
            await client.Tasks.DownloadInputAsync(held.Task.Id, held.Task.Attempt, member.FileId, path, token).ConfigureAwait(false);
            var size = new FileInfo(path).Length;
            return size == member.Size ? path : throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{member.Name}: expected {member.Size} bytes, found {size}");
        }, held.Dropped).ConfigureAwait(false);
    }
}
