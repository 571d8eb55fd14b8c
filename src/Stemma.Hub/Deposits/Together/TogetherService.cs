using System.IO.Pipelines;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Together;

/// <summary>
/// Deposits several small files of one request: their bytes become durable together, and one transaction commits all that do not depend on each other.
/// Each succeeds or fails by itself, and what one request deposits is what as many requests would have.
/// </summary>
internal sealed class TogetherService(NpgsqlDataSource database, LocalBlobStore store, DepositService deposits)
{
    /// <exception cref="Problem">400, 413: see <see cref="FilesManifest"/>, or the bytes are not as many as announced; nothing is kept. 404, 403, 409: none of the files may go there.</exception>
    public async Task<DepositedTogether> DepositAsync(Actor actor, Guid node, int levels, string dataset, PipeReader body, CancellationToken cancellationToken)
    {
        var manifest = await FilesManifest.ReadAsync(body, cancellationToken);
        // Wrong for all of them.
        _ = new Destination(node, RelativePath.Parse("any"), levels, dataset);
        TogetherItem[] items = [.. manifest.Files.Select(file => new TogetherItem(file))];
        try
        {
            foreach (var item in items)
                item.Locate(node, levels, dataset);
            await PlanAsync(actor, items, refuseAll: true, cancellationToken);
            await ReceiveAsync(items, body, cancellationToken);
            while (items.Where(item => item.Outcome is null).ToArray() is { Length: > 0 } open)
            {
                await PlanAsync(actor, open.Where(item => item.Plan is null), refuseAll: false, cancellationToken);
                var wave = Wave([.. open.Where(item => item.Outcome is null)]);
                await CommitAsync(actor, wave, cancellationToken);
                // What was planned for others of the same folders may be something else now. Should it be so elsewhere, the commit notices.
                var folders = wave.Select(item => item.Destination!.Folder).ToHashSet();
                foreach (var item in open.Where(item => folders.Contains(item.Destination!.Folder)))
                    item.Plan = null;
            }

            return new DepositedTogether([.. items.Select(item => item.Outcome!)]);
        }
        finally
        {
            foreach (var item in items)
                await item.DisposeAsync();
        }
    }

    /// <param name="refuseAll">Where all would be refused, no byte is read.</param>
    private async Task PlanAsync(Actor actor, IEnumerable<TogetherItem> items, bool refuseAll, CancellationToken cancellationToken)
    {
        TogetherItem[] open = [.. items.Where(item => item.Outcome is null)];
        if (open.Length == 0)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var plans = await DepositPlan.ReadAsync(connection, actor, [.. open.Select(item => item.Destination!)], cancellationToken);
        if (refuseAll && plans.All(plan => plan.Refusal is not null))
            throw plans[0].Refusal!;
        for (var index = 0; index < open.Length; index++)
            if (plans[index].Refusal is { } refused)
                open[index].Settle(refused);
            else
                open[index].Plan = plans[index].Plan;
    }

    /// <summary>Receives the bytes of all, also of those that are settled: the next ones come after them.</summary>
    private async Task ReceiveAsync(IEnumerable<TogetherItem> items, PipeReader body, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            var size = item.Announced.Size;
            var incoming = store.Begin(size);
            try
            {
                if (await incoming.ReceiveExactlyAsync(body, size, cancellationToken) is > 0 and var lacking)
                    throw Problem.Invalid($"The body ends {lacking} bytes before the end of {item.Announced.Path}, which was announced with {size}. Nothing of the request was kept; send it again.");
                await incoming.BeginWriteOutAsync();
                item.Content = new DepositContent(incoming);
            }
            finally
            {
                if (item.Content is null)
                    incoming.Dispose();
            }

            _ = Digest.TryParse(item.Announced.Sha256, out var announced);
            if (item.Outcome is null && item.Content.Digest != announced)
                item.Settle(DepositService.Mismatch(announced, item.Content.Digest, size));
        }

        var rest = await body.ReadAsync(cancellationToken);
        body.AdvanceTo(rest.Buffer.Start);
        if (!rest.Buffer.IsEmpty)
            throw Problem.Invalid("The body goes on after the last file that its first line names. Nothing of the request was kept; send it with a first line that names all.");
    }

    /// <summary>
    /// Those that can be committed at once: a file that is at a path, or may join a set, of one before it waits for that one. A file with more to do than being
    /// there (nodes to make, files to gather, bytes that are there already) goes alone.
    /// </summary>
    private static List<TogetherItem> Wave(TogetherItem[] open)
    {
        var taken = new HashSet<(Guid, string)>();
        List<TogetherItem> wave = [];
        foreach (var item in open)
        {
            var plan = item.Plan!;
            if (!GoesWithOthers(item))
                return wave.Count == 0 ? [item] : wave;
            if (plan.Grouping.Keys.Any(key => taken.Contains((plan.NodeId, key))) || !taken.Add((plan.NodeId, "path:" + plan.Path)))
                continue;
            if (plan.Joins is null)
                taken.Add((plan.NodeId, plan.Grouping.OwnKey));
            wave.Add(item);
        }

        return wave;
    }

    private static bool GoesWithOthers(TogetherItem item) => item.Plan!.IsPlain && item.Plan.Current?.Digest != item.Content!.Digest;

    private async Task CommitAsync(Actor actor, List<TogetherItem> wave, CancellationToken cancellationToken)
    {
        if (wave.Count > 1)
            await CommitTogetherAsync(actor, wave);
        foreach (var item in wave.Where(item => item.Outcome is null))
            try
            {
                item.Settle(await deposits.CommitAsync(actor, item.Destination!, item.Facts, item.Content!, item.Plan, also: null, cancellationToken));
            }
            catch (Problem problem)
            {
                item.Settle(problem);
            }
    }

    /// <summary>Settles all in one transaction; or only those that the disk did not take, and the others have no plan any more.</summary>
    private async Task CommitTogetherAsync(Actor actor, List<TogetherItem> wave)
    {
        Placing[] placings = [.. wave.Select(item => new Placing(item.Content!.Incoming!, replace: false))];
        await store.PlaceAsync(placings);
        for (var index = 0; index < placings.Length; index++)
            if (placings[index].Failure is { } failure)
                wave[index].Settle(failure);
        var at = deposits.Now();
        var planned = wave.Zip(placings).Where(pair => pair.First.Outcome is null)
            .Select(pair => (Item: pair.First, Deposit: PlannedDeposit.Of(pair.First.Facts, pair.First.Content!, pair.First.Plan!, relyOnBlob: !pair.Second.IsPlaced, at))).ToArray();
        if (planned.Length == 0)
            return;
        try
        {
            var told = await deposits.CommitPlannedAsync(actor, [.. planned.Select(pair => pair.Deposit)], also: null);
            for (var index = 0; index < planned.Length; index++)
                planned[index].Item.Settle(told[index]);
        }
        catch (PostgresException one) when (DepositService.MovedOn(one) || DepositService.IsTooLong(one))
        {
            // Somebody else was faster with one of them, or its path is too long: each by itself finds out.
            foreach (var (item, _) in planned)
                item.Plan = null;
        }
    }
}
