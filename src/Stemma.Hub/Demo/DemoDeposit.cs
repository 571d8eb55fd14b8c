using System.IO.Pipelines;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Deposits;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Demo;

/// <summary>Puts the demo files into a project of their own at the first start, by the way any file takes. Thrown away, it does not come back.</summary>
internal static class DemoDeposit
{
    private const string Description = "Made by Stemma's own code, so that there is something to touch. README.md says what each file is. Remove it whenever you like.";

    /// <param name="writeFiles">Writes the demo's folders of files into a folder.</param>
    /// <param name="say">Lines for the person at the terminal.</param>
    public static async Task EnsureAsync(IServiceProvider services, Func<string, CancellationToken, Task> writeFiles, Action<string> say, CancellationToken cancellationToken)
    {
        if (await CreateProjectAsync(services, cancellationToken) is not { } project)
            return;
        var folder = Directory.CreateTempSubdirectory("stemma-demo-").FullName;
        try
        {
            await writeFiles(folder, cancellationToken);
            var deposits = services.GetRequiredService<DepositService>();
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                await using var stream = File.OpenRead(file);
                var destination = new Destination(project, RelativePath.Parse(Path.GetRelativePath(folder, file)), dataset: "About this demo");
                await deposits.DepositAsync(Actor.Hub, destination, new DepositFacts(DepositedVia.Demo, null, false), PipeReader.Create(stream), stream.Length, null, cancellationToken);
            }

            say($"Demo data: {files.Length} files in the project \"Demo\".");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Null where a demo project stands, or stood once.</summary>
    private static async Task<Guid?> CreateProjectAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two hubs starting at once on one database make one demo.
        await connection.ExecuteAsync("lock table nodes in share row exclusive mode");
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from nodes where is_demo)"))
            return null;
        var owner = await connection.ExecuteScalarAsync<Guid>("select id from accounts where is_administrator and not is_service order by created_at limit 1");
        var project = await services.GetRequiredService<NodeWriter>().AddRootAsync(
            connection, new Actor(owner, Capabilities.All, true, true, false), NodeKind.Project, "Demo", Description, isDemo: true, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return project;
    }
}
