using Stemma.Worker.Reading;

namespace Stemma.Hub.Tests.Worker;

public sealed class MadeArtifactsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-made-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Small_ones_go_with_the_answer_up_to_a_MiB_in_all_and_the_others_are_files()
    {
        var made = new MadeArtifacts(_folder.FullName);
        made.Add("a", "image/png", new byte[900_000], "preview-0", "thumbnail-0");
        made.Add("b", "image/png", new byte[200_000], "preview-1", "thumbnail-1");
        made.Add("c", "image/png", new byte[100_000], "preview-2");

        made.All.Select(artifact => (artifact.Name, Path.GetFileName(artifact.Path), artifact.Bytes?.Length)).ShouldBe(
            [("preview-0", "a", 900_000), ("thumbnail-0", "a", null), ("preview-1", "b", null), ("thumbnail-1", "b", null), ("preview-2", "c", 100_000)]);
        _folder.GetFiles().ShouldHaveSingleItem().Length.ShouldBe(200_000);
    }
}
