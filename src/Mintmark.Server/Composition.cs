using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mintmark.Build;
using Mintmark.Gate;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Run;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Server;

/// <summary>Which parts there are and how they meet. Capabilities know the journal and nothing of each other.</summary>
internal static class Composition
{
    public const string LogOrigin = "mintmark";

    public static ReleaseJournal OpenJournal(Home home) =>
        ReleaseJournal.Open(
            SqliteStorage.Open(home.LogFile),
            LogKey.LoadOrCreate(home.LogKey),
            LogOrigin,
            TimeProvider.System,
            new Snapshot(home.Snapshot)
        );

    public static void AddControlPlane(this IServiceCollection parts, ControlPlaneOptions options, ReleaseJournal journal)
    {
        parts.AddSingleton(options);
        parts.AddSingleton(journal);
        parts.AddSingleton(TimeProvider.System);
        parts.AddSingleton<Troubles>();
        parts.AddSingleton<Views>();
        parts.AddSingleton<Commands>();
        parts.AddSingleton<Shipping>();
        parts.AddSingleton(_ => new GatewayClient(options.Home.GatewaySocket));
        parts.AddSingleton(p => new GatewayKeeper(
            options.Home,
            options.Addresses.Gateway,
            p.GetRequiredService<GatewayClient>(),
            p.GetRequiredService<TimeProvider>()
        ));
        parts.AddSingleton<GatewayLink>();
        parts.AddHostedService(p => p.GetRequiredService<GatewayLink>());
    }
}
