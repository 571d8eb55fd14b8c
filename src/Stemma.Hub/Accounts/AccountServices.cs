using Microsoft.Extensions.DependencyInjection;

namespace Stemma.Hub.Accounts;

internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<ActorResolver>().AddSingleton<AttemptLimits>().AddSingleton<SignIns>().AddHostedService<SignInSweeper>()
        .AddSingleton<AccountWriter>().AddSingleton<AccountAdministration>().AddSingleton<OwnAccount>().AddSingleton<Groups>().AddSingleton<People>();
}
