using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace Stemma.Hub.Hosting;

/// <summary>Whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed: those of the proxies that were named, and nobody else's.</summary>
internal static class ProxyTrust
{
    public static IServiceCollection AddProxyTrust(this IServiceCollection services, HubOptions options) => services.Configure<ForwardedHeadersOptions>(headers =>
    {
        // The framework trusts loopback by itself; any program of this machine could then say that it is somebody else.
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        headers.ForwardedHeaders = options.TrustedProxies.Length == 0 ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        // As many proxies in a row as are trusted: each is checked.
        headers.ForwardLimit = null;
        foreach (var proxy in options.TrustedProxies)
            headers.KnownIPNetworks.Add(Parse(proxy));
    });

    /// <param name="text">An address, or a network as in 10.1.0.0/16.</param>
    /// <exception cref="SettingsException">It is none.</exception>
    public static IPNetwork Parse(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw new SettingsException($"Trusted proxies are addresses or networks, as in 10.1.0.7 or 10.1.0.0/16, but one is '{text}'.");
}
