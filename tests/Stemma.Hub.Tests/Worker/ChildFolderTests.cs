using System.Diagnostics;
using Stemma.Worker.Host;
using Stemma.Worker.Sandboxing;

namespace Stemma.Hub.Tests.Worker;

/// <summary>What a reader child may leave in its folder, and what the worker makes of it.</summary>
public sealed class ChildFolderTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("stemma-child-folder-");
    private readonly ChildFolder _folder;
    private readonly string _target;

    public ChildFolderTests()
    {
        _folder = new ChildFolder(_scratch.FullName, ReaderSandbox.None);
        _target = _scratch.CreateSubdirectory("task").FullName;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _scratch.GetDirectories("reader-*").ShouldBeEmpty();
        _scratch.Delete(recursive: true);
    }

    [Fact]
    public void A_plain_file_is_moved_out_whatever_folder_its_name_claims()
    {
        File.WriteAllText(Path.Combine(_folder.Folders.Work, "preview-0"), "x");
        _folder.TakeOver("/etc/../somewhere/preview-0", _target).ShouldBe(Path.Combine(_target, "preview-0"));
        File.ReadAllText(Path.Combine(_target, "preview-0")).ShouldBe("x");
        Directory.GetFileSystemEntries(_folder.Folders.Work).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("link", "no plain file")]
    [InlineData("pipe", "no plain file")]
    [InlineData("folder", "no plain file")]
    [InlineData("absent", "No such file")]
    [InlineData("..", "no file's name")]
    [InlineData("work/", "no file's name")]
    public void What_is_no_plain_file_is_not_handed_on(string name, string reason)
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Folders.Work, "link"), "/etc/passwd");
        Directory.CreateDirectory(Path.Combine(_folder.Folders.Work, "folder"));
        Process.Start("mkfifo", Path.Combine(_folder.Folders.Work, "pipe")).WaitForExit();

        Should.Throw<IOException>(() => _folder.TakeOver(name, _target)).Message.ShouldContain(reason);
    }

    [Fact]
    public void What_a_task_left_is_removed_without_following_it()
    {
        var elsewhere = Path.Combine(_target, "keep");
        File.WriteAllText(elsewhere, "x");
        File.CreateSymbolicLink(Path.Combine(_folder.Folders.Work, "link"), elsewhere);
        File.WriteAllText(Path.Combine(_folder.Folders.Work, "left"), "x");
        File.WriteAllText(Path.Combine(_folder.Folders.Temporary, "copy"), "x");
        _folder.TryEmpty().ShouldBeTrue();
        Directory.GetFileSystemEntries(_folder.Folders.Temporary).ShouldBeEmpty();
        File.Exists(elsewhere).ShouldBeTrue();

        Directory.CreateSymbolicLink(Path.Combine(_folder.Folders.Work, "away"), _target);
        Directory.CreateDirectory(Path.Combine(_folder.Folders.Work, "folder"));
        _folder.TryEmpty().ShouldBeFalse("folders wait until the child has ended");
        Directory.GetFileSystemEntries(_folder.Folders.Work).ShouldBe([Path.Combine(_folder.Folders.Work, "folder")]);
        File.Exists(elsewhere).ShouldBeTrue();
    }
}
