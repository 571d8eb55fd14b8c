using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Hub.Hosting;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma openapi</c>: the description of the API, as a running hub serves it.</summary>
internal static class OpenApiCommand
{
    public static Command Create() =>
        new StemmaCommand("openapi", "Print the description of the REST API (OpenAPI 3.1).", "stemma openapi > openapi.json").Does(async (_, cancellationToken) =>
        {
            await Console.Out.WriteLineAsync(await ApiDescription.GetAsync(cancellationToken));
            return ExitCode.Done;
        });
}
