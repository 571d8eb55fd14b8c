namespace Stemma.Bench.Crash;

/// <summary>A kind of process that is killed.</summary>
public enum Victim
{
    Hub,
    Postmaster,

    /// <summary>A process of PostgreSQL below the postmaster, which then ends all others and recovers.</summary>
    Backend,
    Worker,
    Reader,
}
