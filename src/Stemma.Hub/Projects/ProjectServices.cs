using Microsoft.Extensions.DependencyInjection;

namespace Stemma.Hub.Projects;

internal static class ProjectServices
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton<NodeWriter>().AddSingleton<NodePaths>().AddSingleton<NodeQueries>().AddSingleton<NodeChanges>().AddSingleton<Trash>().AddSingleton<NodePurge>();
}
