using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files.Zip;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Files;

internal static class FileServices
{
    public static IServiceCollection AddFiles(this IServiceCollection services) => services
        .AddSingleton<FileSetQueries>().AddSingleton<FileSetChanges>().AddSingleton<FileSetMoves>().AddSingleton<TagQueries>().AddSingleton<ZipDownload>().AddSingleton<FileSetTrash>().AddSingleton<ITrashed>(provider => provider.GetRequiredService<FileSetTrash>())
        .AddSingleton<FileSetPurge>().AddSingleton<PurgedContent>().AddSingleton<TrashSweeper>().AddHostedService(provider => provider.GetRequiredService<TrashSweeper>())
        .AddSingleton<FileRenaming>().AddSingleton<LinkedFiles>().AddSingleton<FileContent>().AddSingleton<Artifacts>();
}
