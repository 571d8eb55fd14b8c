using Npgsql;

namespace Stemma.Bench.Catalog;

/// <summary>Asks as each of some people, one question after the other, and tells how long the answers took.</summary>
internal sealed class SearchRounds(Report report, NpgsqlConnection connection, int seed, int files, bool quick, Func<long, MadeFile> make)
{
    /// <summary>Of all files, those that the word has whose facets are counted.</summary>
    private const double FacetHits = 0.055;

    // What must hold: at 100,000 files, and at a million.
    private double WordsTarget => files <= 100_000 ? 0.020 : 0.050;
    private const int WarmUp = 50;
    private const double FacetsTarget = 0.150, TypingTarget = 0.030;

    public async Task RunAsync(IReadOnlyList<Searcher> searchers)
    {
        var requests = quick ? 100 : 300;
        var word = await FacetWordAsync(searchers[0]);
        var all = new List<(double, string)>();
        foreach (var searcher in searchers)
        {
            var questions = new Questions(new Dice(seed, -3), files, make, await PlacesAsync(searcher));
            await RoundAsync(searcher, "", WarmUp, () => Questions.Search(questions.Words()));
            await RoundAsync(searcher, "", WarmUp, () => Questions.Search(questions.Fields()));
            var words = await RoundAsync(searcher, "words", requests, () => Questions.Search(questions.Words()));
            var fields = await RoundAsync(searcher, "fields", requests, () => Questions.Search(questions.Fields()));
            Tell($"{searcher.Name}: words and fields", [.. words, .. fields], WordsTarget);
            all.AddRange([.. words, .. fields]);
            var typed = Enumerable.Range(0, requests).SelectMany(_ => questions.Typing()).Take(requests).GetEnumerator();
            Tell($"{searcher.Name}: typing", await RoundAsync(searcher, "", requests, () => typed.MoveNext() ? Questions.Suggestions(typed.Current) : throw new InvalidOperationException("Nothing is typed any more.")), TypingTarget);
            Tell($"{searcher.Name}: facets of {word}", await RoundAsync(searcher, "", requests / 5, () => Questions.Facets(word)), FacetsTarget);
            await RoundAsync(searcher, "facets of fields", requests / 3, () => Questions.Facets(questions.Fields()));
            searcher.Dispose();
        }

        Tell("all: words and fields", all, WordsTarget);
    }

    /// <param name="what">As it is told; empty: not by itself.</param>
    private async Task<List<(double Seconds, string Path)>> RoundAsync(Searcher searcher, string what, int requests, Func<string> next)
    {
        var times = new List<(double, string)>();
        for (var request = 0; request < requests; request++)
        {
            var path = next();
            times.Add((await searcher.SecondsAsync(path), path));
        }

        if (what.Length > 0)
            Tell($"{searcher.Name}: {what}", times, null);
        return times;
    }

    private void Tell(string what, List<(double Seconds, string Path)> times, double? target) =>
        report.Add(Measurement.Of("catalog", $"{files:#,0} files, {what}", 1, "answers/s", times.ConvertAll(time => time.Seconds)).Within(target, times.ConvertAll(time => time.Seconds)) with
        {
            Slowest = [.. times.DistinctBy(time => time.Path).OrderByDescending(time => time.Seconds).Take(3).Select(time => $"{time.Seconds * 1000:0} ms {Uri.UnescapeDataString(time.Path)}")],
        });

    /// <summary>The word whose number of hits comes nearest to what is wanted.</summary>
    private async Task<string> FacetWordAsync(Searcher administrator)
    {
        var found = new List<(string Word, long Hits)>();
        foreach (var word in Wording.Words.Choices.Take(200))
            found.Add((word, await administrator.HitsAsync(word)));
        var (best, hits) = found.MinBy(pair => Math.Abs(pair.Hits - (FacetHits * files)));
        report.Say($"{best} has {hits:#,0} hits.");
        return best;
    }

    private async Task<IReadOnlyList<string>> PlacesAsync(Searcher searcher)
    {
        await using var command = new NpgsqlCommand("""
            select n.name from nodes n where n.scope_id in (
                select s.scope_id from access_tokens t, scopes_of(t.account_id, 63) s where t.token_hash = sha256(convert_to($1, 'UTF8')) and s.capabilities & 1 <> 0)
            order by n.parent_id is null desc, n.id limit 100
            """, connection) { Parameters = { new() { Value = searcher.Token } } };
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}
