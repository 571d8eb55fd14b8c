using Stemma.Cli.Put;

namespace Stemma.Hub.Tests.Cli;

public sealed class LotsTests
{
    private const long Fits = 8 << 20;

    [Fact]
    public void Small_files_go_together_up_to_a_number_and_a_size_and_all_others_alone()
    {
        SourceFile[] files = [.. Enumerable.Range(0, 5000).Select(number => File($"{number}.tif", 1000)), File("large.dm4", (1 << 20) + 1), File("a.zip", 10), .. Enumerable.Range(0, 20).Select(number => File($"m{number}.tif", 1 << 20))];
        var lots = Lots.Of(files, Options(unpack: true), Fits).ToArray();
        lots.SelectMany(lot => lot).ShouldBe(files, ignoreOrder: true);
        lots.Max(lot => lot.Count).ShouldBe(64);
        lots.Max(lot => lot.Sum(file => file.Size)).ShouldBeLessThanOrEqualTo(Fits);
        lots.Single(lot => lot.Any(file => file.Path == "large.dm4")).Count.ShouldBe(1);
        lots.Single(lot => lot.Any(file => file.Path == "a.zip")).Count.ShouldBe(1);
        Lots.Of([File("a.zip", 10), File("b.zip", 10), .. files], Options(unpack: false), Fits).First().Count.ShouldBe(64);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(64, 16)]
    [InlineData(100, 17)]
    public void Few_files_are_divided_among_the_senders(int files, int lots) =>
        Lots.Of([.. Enumerable.Range(0, files).Select(number => File($"{number}", 1))], Options(unpack: false), Fits).Count().ShouldBe(lots);

    private static SourceFile File(string path, long size) => new($"/data/{path}", path, size);

    private static PutOptions Options(bool unpack) => new(null, null, 4, unpack, Json: false);
}
