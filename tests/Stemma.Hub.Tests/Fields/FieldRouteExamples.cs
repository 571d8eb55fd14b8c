using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Fields;

public sealed class FieldRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListUnits", _ => "units"),
        RouteExample.Get("ListStandardTemplates", _ => "field-templates/standard"),
        RouteExample.Get("ListFieldTemplates", world => $"nodes/{world.Project}/field-templates"),
        RouteExample.Of("CreateFieldTemplate", world => Task.FromResult(new WalkRequest($"nodes/{world.Project}/field-templates", Template(world, world.Name("field"))))),
        RouteExample.Of("ChangeFieldTemplate", async world => new WalkRequest($"field-templates/{await TemplateAsync(world, world.Name("field"))}", new JsonObject { ["name"] = world.Name("other") }, "1")),
        RouteExample.Of("RemoveFieldTemplate", async world => new WalkRequest($"field-templates/{await TemplateAsync(world, world.Name("field"))}", null, "1")),
        RouteExample.Get("GetNodeFields", world => $"nodes/{world.Project}/fields"),
        RouteExample.Of("ChangeNodeFields", async world => await ChangeAsync(world, $"nodes/{await world.DatasetAsync()}")),
        RouteExample.Get("ListNodeFieldHistory", world => $"nodes/{world.Project}/fields/history"),
        RouteExample.Of("GetFileSetFields", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/fields")),
        RouteExample.Of("ChangeFileSetFields", async world => await ChangeAsync(world, $"file-sets/{(await world.FileAsync()).FileSet}")),
        RouteExample.Of("ListFileSetFieldHistory", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/fields/history")),
        RouteExample.Get("ExportFields", world => $"nodes/{world.Project}/fields.csv"),
        RouteExample.Of("ImportFields", ImportAsync),
    ];

    private static async Task<WalkRequest> ChangeAsync(WalkWorld world, string of)
    {
        var field = world.Name("field");
        await TemplateAsync(world, field);
        return new WalkRequest($"{of}/fields", new JsonObject { ["values"] = new JsonObject { [field] = 80 } }, "0");
    }

    private static async Task<WalkRequest> ImportAsync(WalkWorld world)
    {
        var field = world.Name("field");
        await TemplateAsync(world, field);
        var dataset = await world.DatasetAsync();
        return new WalkRequest($"nodes/{dataset}/fields.csv") { Content = new StringContent($"id,{field}\n{dataset},80 nm\n", Encoding.UTF8, "text/csv") };
    }

    private static JsonObject Template(WalkWorld world, string field) => new()
    {
        ["name"] = world.Name("template"), ["appliesTo"] = new JsonArray("dataset", "fileSet"),
        ["fields"] = new JsonArray(new JsonObject { ["name"] = field, ["type"] = "number", ["unit"] = "nm" }),
    };

    /// <summary>A template with one field; all examples share one project, which has room for 50.</summary>
    private static async Task<Guid> TemplateAsync(WalkWorld world, string field)
    {
        await world.RunAsync("update field_templates set removed_at = now() where removed_at is null; update fields set removed_at = now() where removed_at is null");
        return await world.Owner.MakeAsync($"nodes/{world.Project}/field-templates", Template(world, field));
    }
}
