using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Stemma.Hub.Hosting;

/// <summary>A setting that cannot work, with what to do instead. Told to the person at the terminal, not logged.</summary>
public sealed class SettingsException(string message) : Exception(message);

/// <summary>Reads settings: command line over environment (<c>STEMMA__NAME</c>) over <c>stemma.json</c> in the data folder over defaults.</summary>
public static class OptionsLoader
{
    /// <param name="commandLine">Option names (of <see cref="HubOptions"/>) with values.</param>
    /// <exception cref="SettingsException">A setting is unknown, out of range, or unsafe.</exception>
    public static HubOptions Load(IReadOnlyDictionary<string, string?> commandLine)
    {
        var data = commandLine.GetValueOrDefault(nameof(HubOptions.Data)) ?? Environment.GetEnvironmentVariable("STEMMA__DATA") ?? new HubOptions().Data;
        var options = new HubOptions();
        try
        {
            new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(Path.GetFullPath(data), "stemma.json"), optional: true)
                .AddEnvironmentVariables("STEMMA__")
                .AddInMemoryCollection(commandLine.Where(pair => pair.Value is not null))
                .Build()
                .Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new SettingsException($"The settings cannot be read: {problem.Message} {problem.InnerException?.Message}");
        }

        options.Data = Path.GetFullPath(data);
        var complaints = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), complaints, validateAllProperties: true))
            throw new SettingsException(string.Join(' ', complaints.Select(complaint => complaint.ErrorMessage)));
        foreach (var proxy in options.TrustedProxies)
            ProxyTrust.Parse(proxy);
        foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            CheckUrl(url, options);
        foreach (var root in options.Roots.Where(root => !Path.IsPathFullyQualified(root)))
            throw new SettingsException($"Roots must be absolute folders, but one is '{root}'.");
        return options;
    }

    private static void CheckUrl(string text, HubOptions options)
    {
        var url = ParseUrl(text);
        if (url.Scheme == "https" && options.Certificate is null)
            throw new SettingsException($"{text} needs a certificate: give --certificate (PEM or PFX) and, where it is apart, --certificate-key.");
        // Whatever is neither an address nor localhost makes the server listen everywhere, also a name that resolves to loopback.
        var loopback = url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
        if (url.Scheme == "http" && !loopback && !options.InsecureHttp && options.TrustedProxies.Length == 0)
            throw new SettingsException(
                $"{text} would send passwords and data readable over the network. Use https:// with --certificate, put a proxy that ends TLS in front (--trusted-proxies ADDRESS), "
                + "or, knowing this, say --insecure-http.");
    }

    /// <summary>Read as the server itself reads it, so that both mean the same host.</summary>
    private static BindingAddress ParseUrl(string text)
    {
        try
        {
            if (BindingAddress.Parse(text) is { Scheme: "http" or "https", PathBase: "", IsUnixPipe: false, IsNamedPipe: false } url)
                return url;
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new SettingsException($"'{text}' is no address to listen on; expected something like http://127.0.0.1:5480 or https://0.0.0.0:443.");
    }
}
