using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Projects;

public sealed class NodePathsTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Actor As(TestActor actor) => new(actor.Id, Capabilities.All, true, false, false);

    private static async Task<FoundDataset> FindOrCreateAsync(TestHub hub, TestActor actor, Guid parent, params string[] names)
    {
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        var found = await hub.Services.GetRequiredService<NodePaths>().FindOrCreateAsync(connection, As(actor), parent, names, Cancelled);
        await transaction.CommitAsync(Cancelled);
        return found;
    }

    [Fact]
    public async Task Missing_collections_and_the_dataset_are_made_once()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var made = await FindOrCreateAsync(hub, ada, project, "2026", "March", "Eve");
        made.Created.Select(node => $"{node.Kind} {node.Name}").ShouldBe(["Collection 2026", "Collection March", "Dataset Eve"]);
        var again = await FindOrCreateAsync(hub, ada, project, "2026", "March", "Eve");
        again.Dataset.Id.ShouldBe(made.Dataset.Id);
        again.Created.ShouldBeEmpty();
        (await FindOrCreateAsync(hub, ada, made.Dataset.Id, "a", "b")).Rest.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_collection_in_the_datasets_place_gets_a_dataset_and_a_dataset_in_a_collections_place_takes_the_file()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "a");
        var dataset = await ada.DatasetAsync(project, "b");
        var files = await FindOrCreateAsync(hub, ada, project, "a");
        (files.Dataset.Name, files.Dataset.ParentId).ShouldBe(("Files", collection));
        var taken = await FindOrCreateAsync(hub, ada, project, "b", "c", "d");
        taken.Dataset.Id.ShouldBe(dataset);
        taken.Rest.ShouldBe(["c", "d"]);
        (await Should.ThrowAsync<Problem>(() => FindOrCreateAsync(hub, ada, project))).Slug.ShouldBe("not-a-dataset");
    }

    [Fact]
    public async Task Many_at_once_make_one_and_a_grant_given_meanwhile_reaches_every_node()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "2026");
        var work = Enumerable.Range(0, 30).Select(async index => (await FindOrCreateAsync(hub, ada, collection, $"day {index / 10}", $"set {index % 5}")).Dataset.Id).ToList();
        await ada.MustAsync("PUT", $"nodes/{collection}/grants/{eve.Id}", new JsonObject { ["role"] = "viewer" });
        var datasets = await Task.WhenAll(work);
        datasets.Distinct().Count().ShouldBe(15);

        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        (await connection.QueryAsync<int>("select capabilities_on(@Id, 63, scope_id) from nodes where id <> @project", new { eve.Id, project })).ShouldAllBe(capabilities => capabilities == 3);
        (await connection.ExecuteScalarAsync<long>("select count(*) from events where type = 'node.created' and object_id = any (@datasets)", new { datasets })).ShouldBe(15);
    }

    [Fact]
    public async Task Who_may_not_add_makes_nothing()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve, stella) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"), await hub.AccountAsync("stella"));
        var project = await ada.ProjectAsync("Lattices");
        await ada.MustAsync("PUT", $"nodes/{project}/grants/{eve.Id}", new JsonObject { ["role"] = "viewer" });
        await FindOrCreateAsync(hub, ada, project, "there");
        foreach (var name in new[] { "there", "new" })
        {
            (await Should.ThrowAsync<Problem>(() => FindOrCreateAsync(hub, eve, project, name))).Status.ShouldBe(403);
            (await Should.ThrowAsync<Problem>(() => FindOrCreateAsync(hub, stella, project, name))).Status.ShouldBe(404);
        }
    }
}
