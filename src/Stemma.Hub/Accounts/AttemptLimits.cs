using System.Net;
using System.Net.Sockets;

namespace Stemma.Hub.Accounts;

/// <summary>
/// Limits on guessing: a bucket of attempts per address, and rests of a login for the address that failed, so that a stranger who fails does not lock
/// out the one whose login it is. Only very many failures, from wherever, rest a login for all. Logins that do not exist answer just as those that do.
/// </summary>
/// <remarks>Kept in memory: starting the hub again forgets. What is counted for anybody's words or address holds at most <see cref="MaxEntries"/>.</remarks>
internal sealed class AttemptLimits(TimeProvider clock)
{
    public const int MaxEntries = 10_000;

    /// <summary>Attempts at once from one address: a class of students behind one router signs in together.</summary>
    public const int Burst = 60;

    /// <summary>Time for one more attempt.</summary>
    public static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Forget = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _addresses = [];
    private readonly Dictionary<(string Login, string Address), (int Failures, DateTimeOffset At, DateTimeOffset Until)> _pairs = [];
    private readonly Dictionary<string, (int Failures, DateTimeOffset Since, DateTimeOffset Until)> _known = [];
    private readonly Dictionary<string, (int Failures, DateTimeOffset Since, DateTimeOffset Until)> _unknown = [];

    /// <summary>Takes one attempt; null when there was one, else how long until there is.</summary>
    public TimeSpan? TakeAddress(IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var key = Key(address);
        lock (_lock)
        {
            var left = _addresses.TryGetValue(key, out var bucket) ? Math.Min(Burst, bucket.Left + (now - bucket.At) / Refill) : Burst;
            if (left < 1)
                return (1 - left) * Refill;
            MakeRoom(_addresses, entry => entry.At < now - Burst * Refill);
            _addresses[key] = (left - 1, now);
            return null;
        }
    }

    /// <summary>Counts an attempt as failed; null when it may be made, else how long the login rests for this address, or for all.</summary>
    /// <param name="isKnown">Whether somebody can sign in by this name: what is counted for these is never pushed out by made-up names.</param>
    public TimeSpan? TakeLogin(string login, IPAddress? address, bool isKnown)
    {
        var now = clock.GetUtcNow();
        var name = login.ToLowerInvariant();
        var pair = (name, Key(address));
        var everywhere = isKnown ? _known : _unknown;
        lock (_lock)
        {
            var all = everywhere.GetValueOrDefault(name);
            if (all.Until > now)
                return all.Until - now;
            if (all.Since <= now - Forget)
                all = (0, now, default);
            var here = _pairs.GetValueOrDefault(pair);
            if (here.Until > now)
                return here.Until - now;
            if (here.At <= now - Forget)
                here = default;
            MakeRoom(_pairs, old => old.At < now - Forget);
            MakeRoom(_unknown, old => old.Since < now - Forget);
            _pairs[pair] = (here.Failures + 1, now, now + LockOut.After(here.Failures + 1));
            everywhere[name] = all.Failures + 1 < LockOut.FailuresAnywhere ? (all.Failures + 1, all.Since, default) : (0, now, now + LockOut.Longest);
            return null;
        }
    }

    /// <summary>Takes back what <see cref="TakeLogin"/> counted: the password was right. Failures of other addresses stay counted.</summary>
    public void Succeed(string login, IPAddress? address)
    {
        var name = login.ToLowerInvariant();
        lock (_lock)
        {
            _pairs.Remove((name, Key(address)));
            if (_known.TryGetValue(name, out var all) && all.Failures > 0)
                _known[name] = all with { Failures = all.Failures - 1 };
        }
    }

    /// <summary>Forgets all failures of a login: it has a new password.</summary>
    public void Reset(string login)
    {
        var name = login.ToLowerInvariant();
        lock (_lock)
        {
            _known.Remove(name);
            foreach (var pair in _pairs.Keys.Where(pair => pair.Login == name).ToList())
                _pairs.Remove(pair);
        }
    }

    /// <summary>Until when a login rests for everybody; null when it does not.</summary>
    public DateTime? LockedUntil(string login)
    {
        lock (_lock)
            return _known.GetValueOrDefault(login.ToLowerInvariant()).Until is var until && until > clock.GetUtcNow() ? until.UtcDateTime : null;
    }

    private static void MakeRoom<TKey, T>(Dictionary<TKey, T> entries, Func<T, bool> isOld) where TKey : notnull
    {
        if (entries.Count < MaxEntries)
            return;
        foreach (var key in entries.Where(entry => isOld(entry.Value)).Select(entry => entry.Key).ToList())
            entries.Remove(key);
        // All of them are fresh: somebody floods us, and forgetting all at once is the cheapest way to stay small.
        if (entries.Count >= MaxEntries)
            entries.Clear();
    }

    /// <summary>An IPv6 customer has a whole /64.</summary>
    private static string Key(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
