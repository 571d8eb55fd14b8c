using Microsoft.Extensions.DependencyInjection;

namespace Stemma.Hub.Harvest;

internal static class HarvestServices
{
    public static IServiceCollection AddHarvest(this IServiceCollection services) => services
        .AddSingleton<HarvestEntries>()
        .AddSingleton<FileTaker>()
        .AddSingleton<HarvestSources>()
        .AddSingleton<LinkWatch>()
        .AddHostedService(provider => provider.GetRequiredService<LinkWatch>())
        .AddSingleton<HarvestService>()
        .AddHostedService(provider => provider.GetRequiredService<HarvestService>());
}
