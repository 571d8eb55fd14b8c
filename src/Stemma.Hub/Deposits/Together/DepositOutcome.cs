using Microsoft.AspNetCore.Mvc;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Together;

/// <summary>What became of one of several files: one of the two.</summary>
/// <param name="Path">As it was announced.</param>
/// <param name="Problem">Why it was not deposited; nothing of it was kept.</param>
public sealed record DepositOutcome(string Path, Deposited? Deposited, ProblemDetails? Problem)
{
    internal static DepositOutcome Of(string path, Deposited deposited) => new(path, deposited, null);

    internal static DepositOutcome Of(string path, Problem problem) => new(path, null, ProblemMiddleware.Describe(problem));
}

/// <summary>What became of several files, in the order in which they were announced.</summary>
public sealed record DepositedTogether(IReadOnlyList<DepositOutcome> Files);
