using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Formats;

namespace Stemma.Hub.Tests.Worker;

/// <summary>
/// A reader that a file has taken over: each line of the file after "INTRUDER" names something to try and on what. What came of it stands in the original
/// metadata under the line: "refused …" or "done …".
/// </summary>
internal sealed unsafe partial class IntruderFormat : IFormat
{
    public string Id => "intruder";

    public string Name => "Intruder";

    public string ReaderVersion => "1";

    public string MappingVersion => "1";

    public static byte[] File(params IEnumerable<string> attempts) => Encoding.UTF8.GetBytes(string.Join('\n', attempts.Prepend("INTRUDER")));

    public bool TryDetect(ReadOnlySpan<byte> header, string fileName) => header.StartsWith("INTRUDER"u8);

    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken)
    {
        var original = new JsonObject();
        foreach (var line in System.IO.File.ReadAllLines(input.Primary.LibraryPath).Skip(1))
            try
            {
                var words = line.Split(' ', 2);
                original[line] = $"done {Try(words[0], words[^1], input)}";
            }
            catch (Exception exception)
            {
                original[line] = $"refused {exception.GetType().Name}: {exception.Message}";
            }

        return ValueTask.FromResult(new FileSetContent(this) { Images = [], Original = original, Acquisition = new(), Warnings = [], Companions = [], Members = [] });
    }

    private static string Try(string what, string on, FileSetInput input)
    {
        var member = input.Primary;
        switch (what)
        {
            case "connect":
                using (var client = new TcpClient("127.0.0.1", int.Parse(on)))
                    return "connected";
            case "read":
                return System.IO.File.ReadAllText(on);
            case "members":
                for (var index = 1; index < input.Members.Count; index++)
                {
                    var bytes = new byte[4];
                    using var part = input.Members[index].Open();
                    RandomAccess.Read(part, bytes, 0);
                    if (BitConverter.ToInt32(bytes) != index)
                        throw new IOException($"{input.Members[index].Name} holds {BitConverter.ToInt32(bytes)}");
                }

                return $"{input.Members.Count - 1} in order";
            case "list":
                return string.Join(' ', Directory.GetFileSystemEntries(on).Order(StringComparer.Ordinal));
            case "environments":
                return Directory.GetDirectories("/proc").Any(folder => System.IO.File.Exists(Path.Combine(folder, "environ")) && Read(Path.Combine(folder, "environ")).Contains(on, StringComparison.Ordinal))
                    ? "found"
                    : throw new IOException("in none of them");
            case "write":
                System.IO.File.WriteAllText(on, "an intruder was here");
                return "written";
            case "make":
                using (System.IO.File.OpenHandle(Path.Combine(on, "intruder"), FileMode.CreateNew, FileAccess.Write))
                    return "made";
            case "remove":
                return Checked(Unlink(on));
            case "remove-at":
                return Checked(UnlinkAt(-100, on, 0));
            case "remove-folder":
                return Checked(RemoveFolder(on));
            case "move":
                return Checked(Rename(on, on + "-moved"));
            case "truncate":
                return Checked(Truncate(on, 0));
            case "overwrite-member":
                using (System.IO.File.OpenHandle($"/proc/self/fd/{member.Opened!.DangerousGetHandle()}", FileMode.Open, FileAccess.Write))
                    return "opened";
            case "make-member-writable":
                System.IO.File.SetUnixFileMode(member.Opened!, UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
                return "changed";
            case "run":
                using (var process = Process.Start(on))
                    return "started";
            case "kill-parent":
                return Checked(Kill(GetParent(), 0));
            case "kill":
                return Checked(Kill(int.Parse(on), 0));
            case "trace-parent":
                const int attach = 16;
                return Checked((int)Trace(attach, GetParent(), 0, 0));
            case "become-root":
                return Checked(SetUser(0));
            case "user":
                return System.IO.File.ReadAllLines("/proc/self/status").First(line => line.StartsWith(on, StringComparison.Ordinal));
            default:
                throw new ArgumentException(what);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Checked(int answer) => answer == 0 ? "done" : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Truncate(string path, nint length);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Trace(nint request, nint process, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);
}
