using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Deposits.Together;
using Stemma.Hub.Deposits.Uploads;
using Stemma.Hub.Extraction;
using Stemma.Hub.Storage;

namespace Stemma.Hub.Deposits;

internal static class DepositServices
{
    public static IServiceCollection AddDeposits(this IServiceCollection services) => services
        .AddSingleton<LocalBlobStore>().AddSingleton<DepositService>().AddSingleton<TogetherService>().AddSingleton<UploadService>().AddHostedService<UploadSweeper>()
        .AddSingleton<BlobRemoval>().AddSingleton<StrayBlobs>().AddSingleton<ArtifactRemoval>().AddSingleton<StorageSweeper>()
        .AddHostedService(provider => provider.GetRequiredService<StorageSweeper>());
}
