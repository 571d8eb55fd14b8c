using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Sharing;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Sharing;

/// <summary>Random histories of a hub: after each, what the database grants everybody on every node is what a naive model grants.</summary>
public sealed class GrantsAgainstModelTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private sealed record Found(Guid NodeId, int OnNode, int InList);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_the_database_grants_is_what_the_model_grants(int seed)
    {
        await using var hub = await TestHub.StartAsync(database);
        var history = await History.BeginAsync(hub, new Random(seed));
        for (var step = 1; step <= 150; step++)
        {
            var what = await history.StepAsync();
            await CompareReachAsync(hub, history, $"seed {seed}, step {step} ({what})");
            if (step % 15 == 0)
                await CompareAsync(hub, history, $"seed {seed}, step {step} ({what})");
        }
    }

    /// <summary>What a search takes for seen, which is kept from one step to the next.</summary>
    private static async Task CompareReachAsync(TestHub hub, History history, string when)
    {
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        var numbers = (await connection.QueryAsync<(Guid Id, int Number)>("select id, number from nodes where kind = 'dataset'")).ToDictionary(row => row.Id, row => row.Number);
        foreach (var actor in history.Actors)
        {
            var reach = await hub.Services.GetRequiredService<ReachCache>().OfAsync(connection, Actor.Stranger with { Id = actor }, Cancelled);
            var seen = numbers.Where(node => (history.Model.Of(actor, node.Key) & Capabilities.See) != 0).Select(node => node.Value).ToList();
            reach.Datasets.ShouldBe(seen, ignoreOrder: true, $"{when}: {actor}");
            reach.Hidden.ShouldBe(numbers.Values.Except(seen), ignoreOrder: true, $"{when}: hidden from {actor}");
        }
    }

    private static async Task CompareAsync(TestHub hub, History history, string when)
    {
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        foreach (var actor in history.Actors)
            foreach (var mask in new[] { Capabilities.All, Capabilities.See | Capabilities.Download })
            {
                var found = (await connection.QueryAsync<Found>("""
                    with list as materialized (select * from scopes_of(@actor, @mask))
                    select n.id as node_id, capabilities_on(@actor, @mask, n.scope_id) as on_node, coalesce(list.capabilities, 0) as in_list from nodes n left join list on list.scope_id = n.scope_id
                    """, new { actor, mask = (int)mask })).ToDictionary(row => row.NodeId);
                foreach (var node in history.Model.ParentOf.Keys)
                {
                    var expected = history.Model.Of(actor, node) & mask;
                    ((Capabilities)found[node].OnNode).ShouldBe(expected, $"{when}: capabilities_on of {actor} on {node}");
                    ((Capabilities)found[node].InList).ShouldBe(expected, $"{when}: scopes_of {actor} on {node}");
                }
            }

        (await connection.ExecuteScalarAsync<long>("""
            select count(*) from nodes n left join nodes p on p.id = n.parent_id left join scopes s on s.id = n.id
            where n.scope_id <> (case when s.id is not null then n.id else p.scope_id end) or s.parent_id is distinct from (case when s.id is not null then p.scope_id end)
            """)).ShouldBe(0, $"{when}: a node has another scope than its own or its parent's");
    }

    /// <summary>Steps are taken through the application's own services, in the hub's name; one that is refused changes neither side.</summary>
    private sealed class History(TestHub hub, Random random)
    {
        private readonly List<Guid> _accounts = [];
        private readonly List<Guid> _groups = [];
        private readonly List<Guid> _holders = [];
        private readonly Dictionary<Guid, Guid> _trash = [];
        private int _names;

        public AccessModel Model { get; } = new();

        public IEnumerable<Guid> Actors => _accounts.Append(Actor.Everyone);

        public static async Task<History> BeginAsync(TestHub hub, Random random)
        {
            var history = new History(hub, random);
            for (var index = 0; index < 5; index++)
                history._accounts.Add((await hub.AccountAsync($"account{index}", administrator: index == 4)).Id);
            history.Model.Administrators.Add(history._accounts[4]);
            for (var index = 0; index < 3; index++)
                history._groups.Add((await history.Get<Groups>().CreateAsync(Actor.Hub, new NewGroup($"group{index}"), Cancelled)).Id);
            await history.AddRootAsync(NodeKind.Project);
            await history.AddRootAsync(NodeKind.Space);
            return history;
        }

        public async Task<string> StepAsync()
        {
            Func<Task> step = random.Next(100) switch
            {
                < 4 => () => AddRootAsync(NodeKind.Project),
                < 7 => () => AddRootAsync(NodeKind.Space),
                < 35 => AddChildAsync,
                < 55 => GrantAsync,
                < 62 => WithdrawAsync,
                < 66 => ExpireAsync,
                < 74 => PlaceAsync,
                < 77 => UnplaceAsync,
                < 88 => MoveAsync,
                < 94 => MembersAsync,
                < 97 => DisableAsync,
                _ => TrashSpaceAsync,
            };
            try
            {
                await step();
                return step.Method.Name;
            }
            catch (Problem refused)
            {
                return $"{step.Method.Name} refused: {refused.Slug}";
            }
        }

        private T Get<T>() where T : notnull => hub.Services.GetRequiredService<T>();

        private TItem Any<TItem>(IReadOnlyCollection<TItem> items) =>
            items.Count > 0 ? items.ElementAt(random.Next(items.Count)) : throw Problem.Invalid("there is none yet");

        private Guid AnyPrincipal() => random.Next(8) == 0 ? Actor.Everyone : random.Next(2) == 0 ? Any(_groups) : Any(_accounts);

        private Capabilities AnyCapabilities() => (Capabilities)random.Next(64) | Capabilities.See;

        private async Task AddRootAsync(NodeKind kind)
        {
            var node = await Get<NodeChanges>().CreateRootAsync(Actor.Hub, kind, new NewRoot($"root {++_names}"), Cancelled);
            Model.ParentOf[node.Id] = null;
            Model.Grants[(node.Id, Actor.System)] = (Capabilities.All, false);
            (kind == NodeKind.Space ? Model.Spaces : (ICollection<Guid>)_holders).Add(node.Id);
        }

        private async Task AddChildAsync()
        {
            var parent = Any(_holders);
            var kind = random.Next(3) == 0 ? ChildKind.Dataset : ChildKind.Collection;
            var node = await Get<NodeChanges>().CreateChildAsync(Actor.Hub, parent, new NewChild(kind, $"child {++_names}"), Cancelled);
            Model.ParentOf[node.Id] = parent;
            if (kind == ChildKind.Collection)
                _holders.Add(node.Id);
        }

        private async Task GrantAsync()
        {
            var (node, principal, capabilities) = (Any(Model.ParentOf.Keys), AnyPrincipal(), AnyCapabilities());
            await Get<Grants>().GiveAsync(Actor.Hub, node, principal, new GrantRequest(Capabilities: capabilities.ToWords()), Cancelled);
            Model.Grants[(node, principal)] = (capabilities, false);
        }

        private async Task WithdrawAsync()
        {
            var (node, principal) = Any(Model.Grants.Keys);
            await Get<Grants>().WithdrawAsync(Actor.Hub, node, principal, Cancelled);
            Model.Grants.Remove((node, principal));
        }

        private async Task ExpireAsync()
        {
            var (node, principal) = Any(Model.Grants.Keys);
            if (principal == Actor.System)
                return;
            await RunAsync("update grants set expires_at = now() - interval '1 minute' where node_id = @node and principal_id = @principal", new { node, principal });
            Model.Grants[(node, principal)] = Model.Grants[(node, principal)] with { Expired = true };
        }

        private async Task PlaceAsync()
        {
            var (space, node, capabilities) = (Any(Model.Spaces), Any(Model.ParentOf.Keys), AnyCapabilities());
            await Get<Placements>().PlaceAsync(Actor.Hub, space, node, new PlacementRequest(Capabilities: capabilities.ToWords()), Cancelled);
            Model.Placements[(space, node)] = capabilities;
        }

        private async Task UnplaceAsync()
        {
            var (space, node) = Any(Model.Placements.Keys);
            await Get<Placements>().RemoveAsync(Actor.Hub, space, node, Cancelled);
            Model.Placements.Remove((space, node));
        }

        private async Task MoveAsync()
        {
            var (node, target) = (Any(Model.ParentOf.Keys), Any(_holders));
            var circle = Model.IsWithin(target, node);
            await Get<NodeChanges>().MoveAsync(Actor.Hub, node, target, null, Cancelled);
            circle.ShouldBeFalse("a node was moved into itself");
            Model.ParentOf[node] = target;
        }

        private async Task MembersAsync()
        {
            var (group, account, member) = (Any(_groups), Any(_accounts), random.Next(3) > 0);
            await Get<Groups>().SetMemberAsync(Actor.Hub, group, account, member, Cancelled);
            if (member)
                Model.Members.Add((group, account));
            else
                Model.Members.Remove((group, account));
        }

        private async Task DisableAsync()
        {
            var account = Any(_accounts);
            var disable = !Model.Disabled.Contains(account);
            await Get<AccountAdministration>().ChangeAsync(Actor.Hub, account, new AccountPatch { Disabled = disable }, Cancelled);
            if (disable)
                Model.Disabled.Add(account);
            else
                Model.Disabled.Remove(account);
        }

        private async Task TrashSpaceAsync()
        {
            if (_trash.Count > 0 && random.Next(2) == 0)
            {
                var (space, trashId) = Any(_trash);
                await Get<Trash>().RestoreAsync(Actor.Hub, trashId, Cancelled);
                _trash.Remove(space);
                Model.TrashedSpaces.Remove(space);
            }
            else
            {
                var space = Any(Model.Spaces);
                var trashed = await Get<Trash>().TrashAsync(Actor.Hub, space, null, Cancelled);
                _trash[space] = trashed.TrashId;
                Model.TrashedSpaces.Add(space);
            }
        }

        private async Task RunAsync(string sql, object parameters)
        {
            await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
            await connection.ExecuteAsync(sql, parameters);
        }
    }
}
