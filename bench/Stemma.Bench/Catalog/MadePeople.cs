namespace Stemma.Bench.Catalog;

/// <summary>Who works at the facility: accounts with a person each, and groups of them.</summary>
internal sealed record MadePeople(IReadOnlyList<MadeAccount> Accounts, IReadOnlyList<MadeGroup> Groups)
{
    private const int AccountCount = 400, GroupCount = 50;

    /// <summary>As instruments write operators, the busiest first.</summary>
    public Skewed<string> Operators { get; } = new([.. Accounts.Select(account => account.Alias)]);

    public static MadePeople Of(int seed)
    {
        var dice = new Dice(seed, -1);
        var accounts = Enumerable.Range(0, AccountCount).Select(number =>
            Wording.Words.Choices[500 + (number * 7)] is var family ? new MadeAccount(dice.Id(MadeFile.Begin), dice.Id(MadeFile.Begin), $"user{number:000}", $"{Capital(Wording.Words.Choices[200 + number])} {Capital(family)}", $"{family[..3].ToUpperInvariant()}{number:000}") : null!).ToList();
        // A few groups that many are in, and many small ones.
        var groups = Enumerable.Range(0, GroupCount).Select(number => new MadeGroup(dice.Id(MadeFile.Begin), $"{Capital(Wording.Words.Choices[100 + number])} group",
            [.. Enumerable.Range(0, 3 + (60 / (number + 1))).Select(_ => dice.Of(accounts).Id).Distinct()])).ToList();
        return new MadePeople(accounts, groups);
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}

/// <param name="Alias">What instruments call the person.</param>
internal sealed record MadeAccount(Guid Id, Guid PersonId, string Login, string Name, string Alias);

internal sealed record MadeGroup(Guid Id, string Name, IReadOnlyList<Guid> Members);
