namespace Stemma.Hub.Database;

/// <summary>PostgreSQL keeps times in microseconds: what is told, or digested, must say the same instant as the row.</summary>
internal static class Microseconds
{
    public static DateTimeOffset InMicroseconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
