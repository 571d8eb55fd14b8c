namespace Stemma.Bench;

/// <param name="Json">A line of JSON per measurement instead of a line for people.</param>
/// <param name="Quick">Smaller amounts: a first look, not a figure to quote.</param>
/// <param name="Peers">Also run the programs that others use for the same, on the same data.</param>
/// <param name="Seed">What chance is made of; null: another one every time.</param>
/// <param name="Files">How large a catalog is; null: as the bench has it.</param>
/// <param name="Data">A data folder that stays, to look into or to measure again; null: one for this run.</param>
internal sealed record BenchOptions(bool Json, bool Quick, bool Peers, int? Seed, int? Files, string? Data)
{
    /// <returns>Null when an option is not known.</returns>
    public static BenchOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions(false, false, false, null, null, null);
        for (; arguments.Length > 0; arguments = arguments[1..])
            switch (arguments)
            {
                case ["--json", ..]:
                    options = options with { Json = true };
                    break;
                case ["--quick", ..]:
                    options = options with { Quick = true };
                    break;
                case ["--peers", ..]:
                    options = options with { Peers = true };
                    break;
                case ["--seed", var text, ..] when int.TryParse(text, out var seed):
                    options = options with { Seed = seed };
                    arguments = arguments[1..];
                    break;
                case ["--files", var text, ..] when int.TryParse(text, out var files) && files > 0:
                    options = options with { Files = files };
                    arguments = arguments[1..];
                    break;
                case ["--data", var folder, ..]:
                    options = options with { Data = Path.GetFullPath(folder) };
                    arguments = arguments[1..];
                    break;
                default:
                    return null;
            }

        return options;
    }
}
