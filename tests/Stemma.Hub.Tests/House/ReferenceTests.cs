using System.Xml.Linq;

namespace Stemma.Hub.Tests.House;

public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Stemma.Imaging"] = [],
        ["Stemma.Formats"] = ["Stemma.Imaging"],
        ["Stemma.Client"] = [],
        ["Stemma.Worker"] = ["Stemma.Client", "Stemma.Formats", "Stemma.Imaging"],
        ["Stemma.Hub"] = ["Stemma.Imaging"],
        ["Stemma.Cli"] = ["Stemma.Client", "Stemma.Formats", "Stemma.Hub", "Stemma.Imaging", "Stemma.Worker"],
    };

    [Fact]
    public void References_point_one_way()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);
        projects.Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(Allowed.Keys.Order());
        foreach (var project in projects)
            XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .ShouldBeSubsetOf(Allowed[Path.GetFileNameWithoutExtension(project)], $"{Path.GetFileName(project)} references what it must not");
    }

    [Theory]
    [InlineData("Stemma.Imaging")]
    [InlineData("Stemma.Formats")]
    [InlineData("Stemma.Client")]
    public void Libraries_know_neither_web_nor_database(string library)
    {
        var references = System.Reflection.Assembly.Load(library).GetReferencedAssemblies().Select(name => name.Name!);
        references.ShouldAllBe(name => !name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && name != "Npgsql" && name != "Dapper");
    }
}
