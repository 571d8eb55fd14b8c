using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Annotations;

public sealed class AnnotationExportTests(TestDatabase database)
{
    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GeoJson_read_again_gives_the_same_shapes()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.OfEachKind());
        var before = await stage.ListAsync();
        var exported = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations.geojson");
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/remove", new JsonObject { ["ids"] = new JsonArray([.. before.Select(item => item!["id"]!.DeepClone())]) });
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/import", exported);
        var after = await stage.ListAsync();
        string[] told = ["kind", "points", "plane", "label", "tags", "note"];
        after.Select(Drawn).ShouldBe(before.Select(Drawn));

        string Drawn(JsonNode? item) => string.Join(' ', told.Select(member => item![member]?.ToJsonString()));
    }

    [Fact]
    public async Task GeoJson_gives_calibrated_coordinates_and_measurements()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.OfEachKind());
        var features = (await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations.geojson?coordinates=calibrated"))["features"]!.AsArray();
        // 10 nm is where the centre of the first pixel lies, which is at 0.5 pixels.
        AnnotationStage.Numbers(features[0]!["geometry"]!["coordinates"]).ShouldBe([10 + 0.5 * (1.5 - 0.5), -3 + 0.25 * (2.25 - 0.5)]);
        ((double)features[2]!["properties"]!["measurements"]!["Length nm"]!).ShouldBe(Math.Sqrt(1.5 * 1.5 + 1) + 1.5, 1e-12);
        ((double)features[3]!["properties"]!["measurements"]!["Area nm^2"]!).ShouldBe(10 * 0.5 * 4 * 0.25, 1e-12);
        ((double)features[4]!["properties"]!["measurements"]!["Area nm^2"]!).ShouldBe(Math.PI * 2.5 * 0.5, 1e-12);
        ((double)features[5]!["properties"]!["measurements"]!["Area nm^2"]!).ShouldBe(0.5 * 2 * 0.5, 1e-12);
        var ring = features[5]!["geometry"]!["coordinates"]![0]!.AsArray();
        ring.Count.ShouldBe(4);
        JsonNode.DeepEquals(ring[0], ring[3]).ShouldBeTrue();
        await stage.Owner.MustFailAsync(400, "invalid", "POST", $"{stage.Image}/annotations/import", await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations.geojson?coordinates=calibrated"));
    }

    [Fact]
    public async Task GeoJson_of_QuPath_is_read()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/import", JsonNode.Parse("""
            {"type":"FeatureCollection","features":[
              {"type":"Feature","id":"5a7f","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[5,0],[5,5],[0,0]]],[[[9,9],[10,9],[10,10],[9,10],[9,9]]]]},
               "properties":{"objectType":"annotation","name":"island","classification":{"name":"Tumor","color":[200,0,0]}}},
              {"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{"objectType":"annotation"}}]}
            """));
        var items = await stage.ListAsync();
        items.Select(item => $"{item!["kind"]} {item["label"]} {item["tags"]!.ToJsonString()} {item["points"]!.ToJsonString()}").ShouldBe(
        [
            """polygon island ["Tumor"] [0,0,5,0,5,5]""", """polygon island ["Tumor"] [9,9,10,9,10,10,9,10]""", "line  [] [1,2,3,4]",
        ]);
    }

    [Fact]
    public async Task A_shape_that_another_program_changed_is_read_as_changed()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.New("box", [2, 3, 12, 7]));
        var exported = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations.geojson");
        exported["features"]![0]!["geometry"]!["coordinates"] = JsonNode.Parse("[[[2,3],[20,3],[20,7],[2,3]]]");
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/import", exported);
        var read = (await stage.ListAsync())[1]!;
        ((string)read["kind"]!).ShouldBe("polygon");
        AnnotationStage.Numbers(read["points"]).ShouldBe([2, 3, 20, 3, 20, 7]);
    }

    [Theory]
    [InlineData("""{"type":"Topology"}""", "but its type is \"Topology\"")]
    [InlineData("""[]""", "but its type is missing")]
    [InlineData("""{"type":"Feature","geometry":null,"properties":{}}""", "Feature 0 must have a geometry")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Point","coordinates":["a",1]},"properties":null}""", "Feature 0: a position is [x, y], but one is [\"a\",1]")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]},"properties":{}}""", "no holes, but this one has 2")]
    public async Task What_is_no_GeoJson_of_ours_is_refused_with_the_place(string geoJson, string words)
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var problem = await stage.Owner.MustFailAsync(400, "invalid", "POST", $"{stage.Image}/annotations/import", JsonNode.Parse(geoJson));
        ((string)problem["detail"]!).ShouldContain(words);
    }

    [Fact]
    public async Task Ome_xml_has_a_region_of_each_kind()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.OfEachKind());
        var root = XDocument.Parse(await stage.Viewer.Client.GetStringAsync($"{stage.Image}/annotations.ome.xml", Cancelled)).Root!;
        var pixels = root.Element(Ome + "Image")!.Element(Ome + "Pixels")!;
        (pixels.Attribute("SizeX")!.Value, pixels.Attribute("SizeY")!.Value, pixels.Attribute("SizeZ")!.Value, pixels.Attribute("Type")!.Value).ShouldBe(("40", "30", "7", "float"));
        (pixels.Attribute("PhysicalSizeX")!.Value, pixels.Attribute("PhysicalSizeYUnit")!.Value).ShouldBe(("0.5", "nm"));
        var regions = root.Elements(Ome + "ROI").ToList();
        regions.Select(region => region.Element(Ome + "Union")!.Elements().First().Name.LocalName).ShouldBe(["Point", "Line", "Polyline", "Rectangle", "Ellipse", "Polygon"]);
        var box = regions[3];
        var rectangle = box.Descendants(Ome + "Rectangle").Single();
        rectangle.Attributes().Where(attribute => attribute.Name != "ID").Select(attribute => $"{attribute.Name}={attribute.Value}").ShouldBe(["TheZ=3", "X=2", "Y=3", "Width=10", "Height=4"]);
        box.Descendants(Ome + "Label").Single().Attribute("Text")!.Value.ShouldBe("precipitate");
        box.Element(Ome + "Description")!.Value.ShouldBe("see <Fig. 2> & text");
        var tags = root.Descendants(Ome + "TagAnnotation").ToDictionary(tag => tag.Attribute("ID")!.Value, tag => tag.Element(Ome + "Value")!.Value);
        box.Elements(Ome + "AnnotationRef").Select(reference => tags[reference.Attribute("ID")!.Value]).ShouldBe(["γ′", "coarse"]);
        regions[4].Descendants(Ome + "Ellipse").Single().Attribute("RadiusY")!.Value.ShouldBe("2");
        regions[5].Descendants(Ome + "Polygon").Single().Attribute("Points")!.Value.ShouldBe("0,0 4,0 4,2");
    }

    [Fact]
    public async Task A_title_with_a_sign_that_xml_has_not_breaks_no_export()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.OfEachKind());
        await using (var connection = await stage.Stage.Hub.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "update images set title = E'Grains\\x01'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var xml = XDocument.Parse(await stage.Viewer.Client.GetStringAsync($"{stage.Image}/annotations.ome.xml", TestContext.Current.CancellationToken));
        xml.Root!.Element(Ome + "Image")!.Attribute("Name")!.Value.ShouldBe("Grains\ufffd");
    }

    [Fact]
    public async Task Ome_xml_of_many_regions_is_whole()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync([.. Enumerable.Range(0, 2500).Select(n => AnnotationStage.New("point", [n % 40, n % 30], $"Particle {n}", [n % 2 == 0 ? "even" : "odd"]))]);
        var root = XDocument.Parse(await stage.Viewer.Client.GetStringAsync($"{stage.Image}/annotations.ome.xml", Cancelled)).Root!;
        root.Elements(Ome + "ROI").Count().ShouldBe(2500);
        root.Element(Ome + "Image")!.Elements(Ome + "ROIRef").Count().ShouldBe(2500);
        root.Descendants(Ome + "TagAnnotation").Select(tag => tag.Value).ShouldBe(["even", "odd"]);
    }
}
