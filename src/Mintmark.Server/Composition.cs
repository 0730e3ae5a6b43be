using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mintmark.Build;
using Mintmark.Evidence;
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
    /// <summary>Builds run as this user where we are root: the one below those that instances run as.</summary>
    private static readonly BuildUser Builders = new(61_183, 61_183);

    /// <summary>Waits for its turn where another control plane leads on the same log.</summary>
    public static async Task<ILogStorage> OpenLogAsync(ControlPlaneOptions options, CancellationToken ct)
    {
        if (options.Log is not { } address)
            return SqliteStorage.Open(options.Home.LogFile);
        options.Home.Remember(address);
        return await Lead.TakeAsync(address, options.Standby ?? (() => { }), TimeProvider.System, ct);
    }

    public static (ReleaseJournal Journal, string? Warning) OpenJournal(Home home, ILogStorage storage)
    {
        var key = new LogKeyFile(home.LogKey).Open(storage, Home.LogOrigin, EntryCodec.HandoverOf);
        var snapshot = new Snapshot(home.Snapshot);
        var giveUp = new Reserve(home).GiveUp;
        return (ReleaseJournal.Open(storage, key, Home.LogOrigin, TimeProvider.System, snapshot, giveUp), key.Warning);
    }

    public static void AddControlPlane(
        this IServiceCollection parts,
        ControlPlaneOptions options,
        ReleaseJournal journal,
        Gateways gateways,
        Troubles troubles
    )
    {
        parts.AddSingleton(options);
        parts.AddSingleton(journal);
        parts.AddSingleton(journal.Reader);
        parts.AddSingleton(TimeProvider.System);
        parts.AddSingleton(troubles);
        parts.AddSingleton<Views>();
        parts.AddSingleton<Commands>();
        parts.AddSingleton<Authors>();
        parts.AddSingleton(_ => new CommitAddresses(options.Home));
        parts.AddSingleton<KeyRotation>();
        parts.AddSingleton<WitnessLink>();
        parts.AddHostedService(p => p.GetRequiredService<WitnessLink>());
        parts.AddSingleton<Shutdown>();
        parts.AddSingleton(gateways);
        parts.AddSingleton<IDrain>(gateways);
        parts.AddHostedService(_ => gateways);
        parts.AddBuild(options.Home);
        parts.AddRun(options.Home);
        parts.AddSingleton<IInvariantProbe, HttpInvariantProbe>();
        parts.AddSingleton<WatchReconciler>();
        parts.AddGate(options.Home);
        parts.AddSingleton(_ => new ShipReconciler(
            journal,
            gateways.Past,
            gateways.IsHeardUntil,
            Verdicts.Against,
            TimeProvider.System
        ));
        parts.AddSingleton<IRehearsalProbe>(_ => new GatewayRehearsal(options.Addresses.Gateway));
        parts.AddSingleton<RehearsalReconciler>();
        parts.AddSingleton<SnapshotKeeper>();
        parts.AddSingleton(_ => new Reserve(options.Home));
        parts.AddLoop<BuildReconciler>();
        parts.AddLoop<AuditReconciler>();
        parts.AddLoop<MirrorReconciler>();
        parts.AddLoop<GateReconciler>();
        parts.AddLoop<FreezeReconciler>();
        parts.AddLoop<ShipReconciler>();
        parts.AddLoop<RunReconciler>();
        parts.AddLoop<RehearsalReconciler>();
        parts.AddLoop<WatchReconciler>();
        parts.AddLoop<SnapshotKeeper>();
        parts.AddLoop<Reserve>();
    }

    private static void AddBuild(this IServiceCollection parts, Home home)
    {
        var ambient = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        var packages = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ".nuget",
            "packages"
        );
        var options = new BuildOptions(
            home.Root,
            Environment.IsPrivilegedProcess ? Builders : null,
            ambient,
            Directory.Exists(packages) ? packages : null
        );
        parts.AddSingleton(options);
        parts.AddSingleton(_ => new ArtifactStore(home.Root));
        parts.AddEvidence(home);
        parts.AddSingleton(p => new Builder(
            options,
            p.GetRequiredService<ArtifactStore>(),
            TimeProvider.System,
            (files, source, manifest) =>
                Evidencing.Begin(
                    p.GetRequiredService<EvidenceMaker>(),
                    facts =>
                        p.GetRequiredService<CommitAddresses>()
                            .Authors(p.GetRequiredService<ReleaseJournal>().State, facts),
                    files,
                    source,
                    manifest
                )
        ));
        parts.AddSingleton<IBuilder>(p => p.GetRequiredService<Builder>());
        parts.AddSingleton<BuildReconciler>();
    }

    private static void AddGate(this IServiceCollection parts, Home home)
    {
        parts.AddSingleton(_ => new ProfilePlace(home.Profiles));
        parts.AddSingleton<Gating>();
        parts.AddSingleton<FreezeReconciler>();
        parts.AddSingleton(p => new GateReconciler(
            p.GetRequiredService<ReleaseJournal>(),
            p.GetRequiredService<ProfilePlace>(),
            TimeProvider.System,
            policy => p.GetRequiredService<KeptBodies>().Keep(policy)
        ));
    }

    private static void AddRun(this IServiceCollection parts, Home home)
    {
        var options = new RunOptions(home.Root, home.Id())
        {
            DotnetRoot = Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? root : null,
        };
        parts.AddSingleton(_ => new ProcessRuntime(options, TimeProvider.System));
        parts.AddSingleton<IRuntime>(p => p.GetRequiredService<ProcessRuntime>());
        parts.AddSingleton<IHealthProbe, HttpHealthProbe>();
        parts.AddSingleton(p =>
        {
            var journal = p.GetRequiredService<ReleaseJournal>();
            var store = p.GetRequiredService<ArtifactStore>();
            var troubles = p.GetRequiredService<Troubles>();
            return new RunReconciler(
                journal,
                p.GetRequiredService<IRuntime>(),
                p.GetRequiredService<IHealthProbe>(),
                p.GetRequiredService<IDrain>(),
                (mark, ct) => store.UnpackAsync(mark, journal.State.Versions[mark].Artifact!.Digest, ct),
                TimeProvider.System,
                notice => troubles.Report("run: strays", notice),
                (mark, folder, ct) => store.LookAsync(folder, journal.State.Versions[mark].Artifact!.Digest, ct)
            );
        });
    }

    private static void AddLoop<TReconciler>(this IServiceCollection parts)
        where TReconciler : class, IReconciler =>
        parts.AddSingleton<IHostedService>(p => new ReconcileLoop(
            p.GetRequiredService<TReconciler>(),
            p.GetRequiredService<ReleaseJournal>(),
            TimeProvider.System,
            p.GetRequiredService<Troubles>(),
            p.GetRequiredService<ILogger<ReconcileLoop>>()
        ));
}
