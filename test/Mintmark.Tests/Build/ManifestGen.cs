using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Mintmark.Releases;

namespace Mintmark.Tests.Build;

/// <summary>Any manifest, and the YAML that says it.</summary>
static class ManifestGen
{
    private static readonly Gen<char> Letter = Gen.Elements("abcdefghijklmnopqrstuvwxyz".ToCharArray());
    private static readonly Gen<char> Printable = Gen.Elements(
        " !\"#$%&'()*+,-./0123456789:;<=>?@AZ[\\]^_`az{|}~äß€\u00a0".ToCharArray()
    );

    private static readonly Gen<string> Word = Letter.NonEmptyListOf().Select(c => new string([.. c.Take(20)]));
    private static readonly Gen<string> Command = Gen.Zip(Word, Printable.ListOf())
        .Select(p => p.Item1 + new string([.. p.Item2]));

    private static readonly Gen<string> RelativePath = Word.NonEmptyListOf()
        .Select(words => string.Join('/', words.Take(5)));

    private static readonly Gen<string> UrlPath = RelativePath.Select(p => "/" + p);

    private static readonly Gen<SuitePlan> Suite =
        from command in Command
        from results in RelativePath
        from seconds in Gen.Choose(1, 86_400)
        select new SuitePlan(command, results, seconds);

    private static readonly Gen<RequirementsPlan?> Required =
        from file in Gen.OneOf(Gen.Constant<string?>(null), RelativePath.Select(p => (string?)p))
        from pattern in Word
        from trailers in Word.ListOf()
        from cases in Gen.OneOf(Gen.Constant<string?>(null), RelativePath.Select(p => (string?)p))
        from names in Gen.Elements(true, false)
        select (RequirementsPlan?)
            new RequirementsPlan(
                file,
                $"{pattern}-[0-9]+",
                [.. trailers.Take(10)],
                cases is null ? null : new CasesPlan(cases, names)
            );

    private static readonly Gen<ShadowPlan> Shadow =
        from share in Gen.Choose(1, 10_000)
        from requests in Gen.Choose(1, 1_000_000_000)
        from seconds in Gen.Choose(1, 7 * 86_400)
        from method in Gen.Elements("GET", "POST", "PATCH")
        from paths in Gen.OneOf(
            Gen.Constant<string[]?>(null),
            UrlPath.Select(p => (string[]?)[p[..Math.Min(p.Length, 100)]])
        )
        select new ShadowPlan(new Share(share), requests, seconds, [method], paths);

    private static readonly Gen<RolloutPlan> Rollout =
        from shares in Gen.Choose(1, 9900).NonEmptyListOf()
        from requests in Gen.Choose(1, 1_000_000)
        from falseRollback in Gen.Choose(1, 50_000)
        from ratio in Gen.Choose(1001, 100_000)
        from guard in Gen.Choose(0, 7 * 86_400)
        from lacking in Gen.Elements(Enum.GetValues<WithoutEvidence>())
        from holdback in Gen.Choose(0, 5_000)
        from patience in Gen.Choose(1, 7 * 86_400)
        from assignment in Gen.Elements(Enum.GetValues<Assignment>())
        from probed in UrlPath.NonEmptyListOf()
        from expected in Gen.Choose(Probe.LeastExpected, Probe.MostExpected)
        from shadow in Gen.OneOf(Gen.Constant<ShadowPlan?>(null), Shadow.Select(s => (ShadowPlan?)s))
        from value in Gen.OneOf(Gen.Constant<Money?>(null), Gen.Choose(1, 1_000_000_000).Select(Valued))
        from delay in Gen.Choose(0, 60_000)
        from warmUp in Gen.Choose(0, 600)
        select new RolloutPlan(
            [.. shares.Distinct().Order().Take(50).Select(s => new StepPlan(new Share(s), requests, value))],
            falseRollback / 1_000_000m,
            ratio / 1000m,
            guard,
            lacking,
            patience,
            assignment,
            new Share(holdback),
            lacking == WithoutEvidence.Probe
                ?
                [
                    .. probed
                        .Take(Probe.MostDeclared)
                        .Select(path => new Probe(path[..Math.Min(path.Length, 100)], expected)),
                ]
                : null,
            Shadow: shadow,
            ToleratedDelayMilliseconds: delay,
            WarmUpSeconds: warmUp
        );

    private static readonly Gen<Rate?> Rates = Gen.OneOf(
        Gen.Constant<Rate?>(null),
        Gen.Choose(1, Rate.Most).SelectMany(n => Gen.Elements(1, 60, 3_600).Select(s => (Rate?)new Rate(n, s)))
    );

    private static readonly Gen<SurgePlan> Surge =
        from client in Rates
        from service in Rates
        from concurrency in Gen.Elements(Enum.GetValues<Concurrency>())
        from path in UrlPath
        from priority in Gen.Elements(Enum.GetValues<Priority>())
        from method in Gen.Elements("GET", "POST", null)
        select new SurgePlan(client, service, concurrency, [new(path[..Math.Min(path.Length, 100)], priority, method)]);

    private static readonly Gen<Timeouts?> Times = Gen.OneOf(
        Gen.Constant<Timeouts?>(null),
        from connect in Gen.Choose(100, 60_000)
        from headers in Gen.Choose(100, 3_600_000)
        from idle in Gen.Choose(100, 3_600_000)
        from total in Gen.Choose(99, 86_400_000)
        select (Timeouts?)new Timeouts(connect, headers, idle, total == 99 ? null : total)
    );

    public static readonly Gen<Manifest> Any =
        from name in Word
        from profile in Gen.Elements(Profiles.All.ToArray())
        from build in Command
        from timeout in Gen.Choose(1, 86_400)
        from reproducible in Gen.Elements(true, false)
        from smoke in Suite
        from full in Suite
        from memory in Gen.Choose(16, 1 << 20)
        from files in Gen.Choose(64, 1 << 20)
        from health in UrlPath
        from within in Gen.Choose(1, 3600)
        from invariants in Gen.OneOf(Gen.Constant<string?>(null), UrlPath.Select(p => (string?)p))
        from configuration in RelativePath.ListOf()
        from rollout in Rollout
        from signals in Word.ListOf()
        from protocol in Gen.Elements<Protocol?>(null, Protocol.Http1, Protocol.H2c)
        from instances in Gen.Elements<int?>(null, 1, 8, 16)
        from surge in Gen.OneOf(Gen.Constant<SurgePlan?>(null), Surge.Select(s => (SurgePlan?)s))
        from requirements in Gen.OneOf(Gen.Constant<RequirementsPlan?>(null), Required)
        from timeouts in Times
        from halt in Gen.Elements(null, (InFlight?)InFlight.Drain, InFlight.Cut)
        from hosts in Gen.Elements(null, (IReadOnlyList<string>?)["pay.example.com"], ["a.b", "xn--a-0.b-c.d1"])
        select new Manifest(
            new ServiceName(name),
            profile,
            new BuildPlan(build, timeout, reproducible),
            smoke,
            full,
            new RunPlan(build, (long)memory << 20, files, protocol, instances),
            new HealthPlan(health, within),
            invariants,
            [.. configuration.Distinct()],
            rollout,
            [.. signals.Select(s => s[..Math.Min(s.Length, 40)]).Distinct().Take(Indicators.MostSignals)],
            surge,
            requirements,
            timeouts,
            halt,
            Hosts: hosts
        );

    private static string Yaml(RequirementsPlan required)
    {
        var yaml = new StringBuilder();
        yaml.Append($"requirements:\n  pattern: {Quoted(required.Pattern)}\n");
        yaml.Append($"  trailers: [{string.Join(", ", required.Trailers.Select(Quoted))}]\n");
        if (required.File is { } file)
            yaml.Append($"  file: {Quoted(file)}\n");
        if (required.Cases is { File: { } cases, Names: var names })
            yaml.Append($"  cases: {{ file: {Quoted(cases)}, names: {(names ? "true" : "false")} }}\n");
        return yaml.ToString();
    }

    public static string Yaml(Manifest m)
    {
        var yaml = new StringBuilder();
        yaml.Append($"name: {m.Name}\nprofile: {m.Profile}\n");
        yaml.Append($"build: {{ run: {Quoted(m.Build.Command)}, timeout: {m.Build.TimeoutSeconds}s, ");
        yaml.Append($"reproducible: {(m.Build.Reproducible ? "required" : "no")} }}\n");
        yaml.Append($"suites:\n  smoke: {Yaml(m.Smoke)}\n  full: {Yaml(m.Full)}\n");
        yaml.Append($"run: {{ command: {Quoted(m.Run.Command)}, memory: {m.Run.MemoryBytes >> 20}M, ");
        var protocol = m.Run.Protocol is { } spoken ? $", protocol: {spoken.ToString().ToLowerInvariant()}" : "";
        var instances = m.Run.Instances is { } many ? $", instances: {many}" : "";
        yaml.Append($"files: {m.Run.OpenFiles}{protocol}{instances} }}\n");
        yaml.Append($"health:\n  path: {m.Health.Path}\n  within: {m.Health.WithinSeconds}s\n");
        if (m.InvariantsPath is { } invariants)
            yaml.Append($"invariants: {invariants}\n");
        yaml.Append($"configuration: [{string.Join(", ", m.Configuration.Select(Quoted))}]\n");
        yaml.Append(m.Hosts is { } hosts ? $"hosts: [{string.Join(", ", hosts.Select(Quoted))}]\n" : "");
        yaml.Append($"signals: [{string.Join(", ", m.Signals!.Select(Quoted))}]\n");
        if (m.Surge is { } surge)
            yaml.Append(Yaml(surge));
        if (m.Requirements is { } required)
            yaml.Append(Yaml(required));
        if (m.Timeouts is { } t)
        {
            var total = t.TotalMilliseconds is { } all ? $", total: {all}ms" : "";
            yaml.Append($"timeouts: {{ connect: {t.ConnectMilliseconds}ms, headers: {t.HeadersMilliseconds}ms, ");
            yaml.Append($"idle: {t.IdleMilliseconds}ms{total} }}\n");
        }
        if (m.OnHalt is { } inFlight)
            yaml.Append($"halt: {{ in-flight: {inFlight.ToString().ToLowerInvariant()} }}\n");
        yaml.Append($"rollout:\n  guard: {m.Rollout.GuardSeconds}s\n");
        yaml.Append($"  without-evidence: {m.Rollout.WithoutEvidence.ToString().ToLowerInvariant()}\n");
        if (m.Rollout.Probes is { } probes)
            yaml.Append(
                $"  probes: [{string.Join(", ", probes.Select(p => $"{{ path: {p.Path}, expect: {p.Expect} }}"))}]\n"
            );
        if (m.Rollout.Shadow is { } shadow)
        {
            yaml.Append(
                $"  shadow:\n    share: {Number(shadow.Share.BasisPoints / 100m)}%\n    requests: {shadow.Requests}\n"
            );
            yaml.Append($"    within: {shadow.WithinSeconds}s\n    methods: [{string.Join(", ", shadow.Methods)}]\n");
            if (shadow.Paths is { } paths)
                yaml.Append($"    paths: [{string.Join(", ", paths)}]\n");
        }
        yaml.Append($"  holdback: {Number(m.Rollout.Holdback!.Value.BasisPoints / 100m)}%\n");
        yaml.Append($"  patience: {m.Rollout.PatienceSeconds}s\n");
        yaml.Append($"  assignment: {m.Rollout.Assignment.ToString().ToLowerInvariant()}\n");
        yaml.Append($"  false-rollback: {Number(m.Rollout.FalseRollback)}\n");
        yaml.Append($"  tolerated-ratio: {Number(m.Rollout.ToleratedRatio)}\n");
        yaml.Append($"  tolerated-delay: {m.Rollout.ToleratedDelayMilliseconds}ms\n");
        yaml.Append($"  warm-up: {m.Rollout.WarmUpSeconds}s\n  steps:\n");
        foreach (var step in m.Rollout.Steps)
            yaml.Append(
                $"    - {{ share: {Number(step.Share.BasisPoints / 100m)}%, requests: {step.Requests}{Value(step)} }}\n"
            );
        return yaml.ToString();
    }

    private static string Yaml(SurgePlan surge)
    {
        var rule = surge.Priorities![0];
        var method = rule.Method is { } named ? $", method: {named}" : "";
        return "surge:\n"
            + (surge.Client is { } client ? $"  client: {Text(client)}\n" : "")
            + (surge.Service is { } service ? $"  service: {Text(service)}\n" : "")
            + $"  concurrency: {surge.Concurrency.ToString().ToLowerInvariant()}\n"
            + $"  priorities: [{{ path: {rule.Path}, "
            + $"priority: {rule.Priority.ToString().ToLowerInvariant()}{method} }}]\n";
    }

    private static string Text(Rate rate) =>
        $"{rate.Requests}/{(rate.Seconds == 1 ? "s" : rate.Seconds == 60 ? "m" : "h")}";

    private static Money? Valued(int parts) => new(parts / 1000m, "EUR");

    private static string Value(StepPlan step) => step.Value is { } value ? $", value: {value}" : "";

    private static string Yaml(SuitePlan s) =>
        $"{{ run: {Quoted(s.Command)}, results: {Quoted(s.Results)}, timeout: {s.TimeoutSeconds}s }}";

    /// <summary>JSON's strings are YAML's double-quoted ones.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
