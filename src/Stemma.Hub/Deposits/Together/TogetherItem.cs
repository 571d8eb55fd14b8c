using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Together;

/// <summary>One of several files on its way in.</summary>
internal sealed class TogetherItem(AnnouncedFile announced) : IAsyncDisposable
{
    public AnnouncedFile Announced { get; } = announced;

    public DepositFacts Facts { get; } = new(DepositedVia.Upload, announced.ModifiedAt);

    public Destination? Destination { get; private set; }

    /// <summary>What would happen now; null: not known (any more).</summary>
    public DepositPlan? Plan { get; set; }

    public DepositContent? Content { get; set; }

    public DepositOutcome? Outcome { get; private set; }

    public void Settle(Deposited deposited) => Outcome = DepositOutcome.Of(Announced.Path, deposited);

    public void Settle(Problem problem) => Outcome = DepositOutcome.Of(Announced.Path, problem);

    /// <summary>Finds out where it goes; a path that cannot be used settles it.</summary>
    public void Locate(Guid node, int levels, string dataset)
    {
        try
        {
            Destination = new Destination(node, RelativePath.Parse(Announced.Path), levels, dataset);
        }
        catch (Problem refused)
        {
            Settle(refused);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Content?.Incoming is not { } incoming)
            return;
        // Whoever waited for it was told how it ended.
        await incoming.WrittenAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        incoming.Dispose();
    }
}
