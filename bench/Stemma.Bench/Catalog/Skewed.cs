namespace Stemma.Bench.Catalog;

/// <summary>Choices of which a few are met everywhere and most hardly ever: the n-th is as likely as 1/n^exponent (Zipf).</summary>
internal sealed class Skewed<T>
{
    private readonly double[] _upTo;

    public Skewed(IReadOnlyList<T> choices, double exponent = 1)
    {
        Choices = choices;
        var sum = 0.0;
        _upTo = [.. choices.Select((_, rank) => sum += Math.Pow(rank + 1, -exponent))];
    }

    public IReadOnlyList<T> Choices { get; }

    public T Draw(Dice dice)
    {
        var place = Array.BinarySearch(_upTo, dice.Next() * _upTo[^1]);
        return Choices[Math.Min(place < 0 ? ~place : place, Choices.Count - 1)];
    }
}
