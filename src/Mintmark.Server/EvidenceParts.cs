using Microsoft.Extensions.DependencyInjection;
using Mintmark.Evidence;
using Mintmark.Journal;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>What is kept of how versions are made, and what it is held against.</summary>
internal static class EvidenceParts
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(15);

    public static void AddEvidence(this IServiceCollection parts, Home home)
    {
        parts.AddSingleton(_ => new KeptBodies(home.Evidence));
        parts.AddSingleton(_ => StatementKey.LoadOrCreate(home.BuilderKey));
        parts.AddSingleton(_ => new FetchedFiles(home.FetchedAdvisories));
        parts.AddSingleton(p => new AdvisoryPlace(home.Advisories, home.Vex, p.GetRequiredService<FetchedFiles>()));
        parts.AddSingleton(_ => new SupportPlace(home.Support));
        parts.AddSingleton(p => new CaseBooks(
            p.GetRequiredService<KeptBodies>(),
            () => p.GetRequiredService<ReleaseJournal>().State
        ));
        parts.AddSingleton<EvidenceMaker>();
        parts.AddSingleton<EvidenceViews>();
        parts.AddSingleton(p => new AuditReconciler(
            p.GetRequiredService<ReleaseJournal>(),
            p.GetRequiredService<KeptBodies>(),
            p.GetRequiredService<AdvisoryPlace>(),
            p.GetRequiredService<SupportPlace>(),
            TimeProvider.System,
            open => Tell(p.GetRequiredService<Troubles>(), "components", open)
        ));
        parts.AddSingleton(p => new MirrorReconciler(
            p.GetRequiredService<ReleaseJournal>(),
            new AdvisoryMirror(Client(), p.GetRequiredService<FetchedFiles>(), MirrorLimits.Usual),
            p.GetRequiredService<FetchedFiles>(),
            p.GetRequiredService<AdvisoryPlace>(),
            home.AdvisoryMirror,
            TimeProvider.System,
            failure => Tell(p.GetRequiredService<Troubles>(), "advisories", failure)
        ));
    }

    /// <summary>For addresses that the team has named: it follows nobody elsewhere.</summary>
    private static HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = Connecting,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private static void Tell(Troubles troubles, string part, string? failure)
    {
        if (failure is null)
            troubles.Clear(part);
        else
            troubles.Report(part, failure);
    }
}
