using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Commands;

if (args is [ReadChildCommand.Name, ..])
    return await ReadChildCommand.RunAsync(args.AsSpan(1));

return await StemmaCommandLine.RunAsync(new RootCommand("Stemma: a hub for imaging research that keeps the family tree of every image.")
{
    ServeCommand.Create(),
    InspectCommand.Create(),
    LoginCommand.Create(),
    TokenCommand.Create(),
    PutCommand.Create(),
    GetCommand.Create(),
    LsCommand.Create(),
    SearchCommand.Create(),
    HarvestCommand.Create(),
    WorkCommand.Create(),
    OpenApiCommand.Create(),
    CompletionCommand.Create(),
    VersionCommand.Create(),
}, args);
