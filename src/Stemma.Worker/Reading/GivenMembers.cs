using Microsoft.Win32.SafeHandles;
using Stemma.Formats;
using Stemma.Worker.Native;

namespace Stemma.Worker.Reading;

/// <summary>The members of a task as readers open them, until the task is done.</summary>
internal sealed class GivenMembers : IDisposable
{
    private const int CopyBytes = 1 << 20;
    private readonly SafeFileHandle[] _opened;
    private readonly Action<double?, string?> _alive;

    /// <param name="channel">Brings the members that have no path.</param>
    /// <param name="alive">Told while something long goes on.</param>
    public GivenMembers(IReadOnlyList<ChildMember> members, DescriptorChannel? channel, Action<double?, string?> alive)
    {
        _alive = alive;
        _opened = channel?.Receive(members.Count) ?? [];
        Files = [.. members.Select(File)];
    }

    public IReadOnlyList<MemberFile> Files { get; }

    public void Dispose()
    {
        foreach (var file in _opened)
            file.Dispose();
    }

    private MemberFile File(ChildMember member, int index)
    {
        if (_opened.Length == 0)
            return new MemberFile(member.Name, member.Path ?? throw new InvalidOperationException($"{member.Name} came without a path, and there is no channel."));
        var file = _opened[index];
        // Opening this again needs the right to read the file, which the worker's user has and ours may not.
        var path = $"/proc/self/fd/{file.DangerousGetHandle()}";
        return new MemberFile(member.Name, path) { Opened = file, Copy = Posix.MayRead(path) ? null : () => Copy(member.Name, file) };
    }

    // The worker removes it after the task; we may not.
    private string Copy(string name, SafeFileHandle file)
    {
        var path = Path.Combine(Path.GetTempPath(), $"copy-{Guid.NewGuid():n}");
        using var copy = System.IO.File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[CopyBytes];
        var at = 0L;
        for (int count; (count = RandomAccess.Read(file, buffer, at)) > 0; at += count)
        {
            RandomAccess.Write(copy, buffer.AsSpan(0, count), at);
            _alive(null, $"copying {name}");
        }

        return path;
    }
}
