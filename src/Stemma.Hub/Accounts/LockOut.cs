namespace Stemma.Hub.Accounts;

/// <summary>How long a login rests, for the address they came from, after wrong passwords: nothing for four, then 30 s doubling to 15 min.</summary>
internal static class LockOut
{
    /// <summary>So many within an hour, from any addresses, rest a login for everybody, for <see cref="Longest"/>.</summary>
    public const int FailuresAnywhere = 100;

    private const int FreeFailures = 5;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <param name="failures">In a row, this one included.</param>
    public static TimeSpan After(int failures) => failures < FreeFailures ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - FreeFailures, 10)));
}
