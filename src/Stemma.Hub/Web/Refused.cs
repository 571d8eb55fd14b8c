namespace Stemma.Hub.Web;

/// <summary>One of many that a request named, which stayed as it was while others were changed.</summary>
/// <param name="Id">As the request named it.</param>
/// <param name="Type">As of a problem: <c>urn:stemma:problem:…</c>.</param>
/// <param name="Detail">What was expected, what was found, and what to do.</param>
public sealed record Refused(Guid Id, string Type, string Detail);

/// <summary>Gathers what is refused while the rest goes on.</summary>
internal sealed class Refusals
{
    private readonly List<(Guid Id, Problem Problem)> _refused = [];

    public void Add(Guid id, Problem problem) => _refused.Add((id, problem));

    /// <param name="done">How many were not refused.</param>
    /// <exception cref="Problem">The first refusal, where nothing is left to be done.</exception>
    public IReadOnlyList<Refused> Beside(int done) => done == 0 && _refused is [var (_, first), ..]
        ? throw first
        : _refused.ConvertAll(one => new Refused(one.Id, ProblemMiddleware.Type(one.Problem.Slug), one.Problem.Message));
}
