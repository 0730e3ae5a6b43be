using System.Text.Json;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>What a route table must be beyond JSON of the right types.</summary>
static class TableRules
{
    /// <exception cref="JsonException">Says what is wrong with it.</exception>
    public static void Check(RouteTable table)
    {
        Require(table.Revision > 0, "revision is the size of a log with something in it");
        Require(table.Services is not null, "services is missing");
        var names = new HashSet<ServiceName>();
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in table.Services!)
        {
            Require(route is not null && route.Service != default, "a service has no name");
            Require(names.Add(route!.Service), $"{route.Service} is there twice");
            foreach (var host in route.Hosts ?? [])
                Require(host is { Length: > 0 } && hosts.Add(host), $"{host} is a host of two services, or none");
            if (route.Baseline is { } baseline)
                Check(route.Service, baseline);
            if (route.Comparison is { } comparison)
                Check(route.Service, comparison);
            if (route.Shadow is { } shadow)
                Check(route.Service, shadow);
            if (route.Rehearsal is { } rehearsal)
                Check(route.Service, rehearsal);
            if (route.Surge is { } surge)
                Check(route.Service, surge);
        }
        var targets = table
            .Services.SelectMany(s =>
                new[] { s.Baseline, s.Comparison?.Candidate, s.Shadow?.Candidate, s.Rehearsal?.Candidate }
            )
            .SelectMany(arm => arm is null ? [] : arm.Targets.Select(target => (arm.Mark, target)))
            .Distinct()
            .ToList();
        Require(
            targets.DistinctBy(t => t.target.Instance).Count() == targets.Count,
            "an instance is two things at once"
        );
    }

    private static void Check(ServiceName service, Comparison comparison)
    {
        Require(comparison.Release != default, $"{service}'s comparison names no release");
        Require(comparison.Step >= 0, $"{service}'s step is below 0");
        Require(comparison.Candidate is not null, $"{service}'s comparison has no candidate");
        Check(service, comparison.Candidate!);
        Require(
            comparison.Rollout is { FalseRollback: > 0 and < 1, ToleratedRatio: > 0 },
            $"{service}'s rollout is not one that a judge can work with"
        );
        Require(
            comparison.Rollout.Steps is { } steps && steps.All(step => step is not null && AreSound(step.Guests)),
            $"{service}'s rollout has no steps, or a step whose guests are none"
        );
        Require(
            comparison is { Thresholds: not null, PastRates: not null, Signals.Count: <= Indicators.MostSignals },
            $"{service}'s comparison says not what to count"
        );
        Require(
            comparison.Past is not null && comparison.Past.All(p => p is { Baseline: not null, Candidate: not null }),
            $"{service}'s past steps are missing or not whole"
        );
        if (comparison.Probed)
            Check(service, comparison.Rollout.Probes ?? []);
    }

    private static bool AreSound(Guests? guests) =>
        guests is null
        || (
            guests is { Clients: not null, Cohorts: not null }
            && guests.Clients.All(client => client is not null)
            && guests.Cohorts.All(cohort => cohort?.Contains(": ", StringComparison.Ordinal) == true)
        );

    private static void Check(ServiceName service, Shadowing shadow)
    {
        Require(shadow.Release != default, $"{service}'s shadow names no release");
        Require(shadow.Candidate is not null, $"{service}'s shadow has no candidate");
        Check(service, shadow.Candidate!);
        Require(
            shadow.Plan is { Methods: { Count: <= ShadowPlan.MostMethods }, Share.BasisPoints: > 0 and <= Share.Whole }
                && shadow.Plan.Paths is null or { Count: <= ShadowPlan.MostPaths }
                && shadow.Plan.Methods.Concat(shadow.Plan.Paths ?? []).All(text => text is not null),
            $"{service}'s shadow says not which requests to copy"
        );
    }

    private static void Check(ServiceName service, Rehearsing rehearsal)
    {
        Require(rehearsal.Release != default, $"{service}'s rehearsal names no release");
        Require(rehearsal.Candidate is not null, $"{service}'s rehearsal has no candidate");
        Check(service, rehearsal.Candidate!);
    }

    private static void Check(ServiceName service, IReadOnlyList<Probe> probes)
    {
        Require(probes.Count is > 0 and <= Probe.MostDeclared, $"{service} has no probes to send, or too many");
        foreach (var probe in probes)
        {
            var sound = probe is { Path: ['/', ..], Expect: >= Probe.LeastExpected and <= Probe.MostExpected };
            Require(sound, $"{service} has a probe without a path or a status");
        }
    }

    private static void Check(ServiceName service, SurgePlan surge)
    {
        foreach (var rate in new[] { surge.Client, surge.Service })
        {
            var sound = rate is null or { Requests: >= 1 and <= Rate.Most, Seconds: >= 1 and <= Rate.LongestSeconds };
            Require(sound, $"{service} has a rate that is none");
        }
        var rules = surge.Priorities ?? [];
        Require(
            rules.Count <= SurgePlan.MostPriorities && rules.All(r => r is { Path: ['/', ..] }),
            $"{service} has too many priorities, or one without a path"
        );
    }

    private static void Check(ServiceName service, Arm arm)
    {
        Require(arm.Mark.Service == service, $"{service} is routed to {arm.Mark}, a version of something else");
        Require(arm.Targets is not null, $"{arm.Mark} has no list of targets");
        Require(arm.Signals is null or { Count: <= Indicators.MostSignals }, $"{arm.Mark} has too many signals");
        var timed =
            arm.Timeouts is null or { ConnectMilliseconds: > 0, HeadersMilliseconds: > 0, IdleMilliseconds: > 0 };
        Require(timed && arm.Timeouts is not { TotalMilliseconds: <= 0 }, $"{arm.Mark} has a timeout that is no time");
        foreach (var target in arm.Targets!)
        {
            Require(target is not null && target.Instance != default, $"a target of {arm.Mark} names no instance");
            Require(target!.Port is > 0 and <= ushort.MaxValue, $"{target.Instance} has no port of 1 to 65535");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }
}
