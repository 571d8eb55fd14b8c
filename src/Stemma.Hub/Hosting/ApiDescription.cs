using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Stemma.Hub.Hosting;

/// <summary>The API's own description, without a database or a data folder: builds generate the browser's types from it.</summary>
public static class ApiDescription
{
    public static async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=nowhere.invalid");
        await using var app = HubApplication.Build(new HubOptions { Web = "" }, nowhere, builder =>
        {
            // Our own background work would look for the database; the web server stays.
            foreach (var service in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && IsOurs(service)).ToList())
                builder.Services.Remove(service);
        });
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(cancellationToken);
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(new Uri(app.Urls.First()), "/openapi/v1.json"), cancellationToken);
    }

    private static bool IsOurs(ServiceDescriptor service) =>
        (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Assembly == typeof(ApiDescription).Assembly;
}
