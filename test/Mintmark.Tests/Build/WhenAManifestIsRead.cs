using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenAManifestIsRead
{
    private const string Least = """
        name: bank
        profile: valuation
        build: { run: make }
        suites:
          smoke: { run: make smoke, results: smoke.xml }
          full: { run: make full, results: full.xml }
        run: { command: ./bank }
        health: { path: /health }
        """;

    [Fact]
    public void EveryKeyIsTaken()
    {
        var manifest = ManifestText.Parse(ManifestText.Good);

        Assert.Equal(new ServiceName("bank"), manifest.Name);
        Assert.Equal("consumer-banking", manifest.Profile);
        Assert.Equal(new BuildPlan("make \"$OUT\"", 1200), manifest.Build);
        Assert.Equal(new SuitePlan("make smoke", "test-results/smoke.xml", 90), manifest.Smoke);
        Assert.Equal(new SuitePlan("make full", "test-results/full.xml", 3600), manifest.Full);
        Assert.Equal(new RunPlan("./bank", 1L << 30, 2048), manifest.Run);
        Assert.Equal(new HealthPlan("/health", 45), manifest.Health);
        Assert.Equal("/invariants", manifest.InvariantsPath);
        Assert.Equal(["config/bank.json", "limits.txt"], manifest.Configuration);
        Assert.Equal([new(new Share(50), 100), new(new Share(5000), 2000)], manifest.Rollout.Steps);
        Assert.Equal(0.001m, manifest.Rollout.FalseRollback);
        Assert.Equal(1.5m, manifest.Rollout.ToleratedRatio);
        Assert.Equal(86_400, manifest.Rollout.GuardSeconds);
    }

    [Fact]
    public void WhatIsCountedMayBeDeclared()
    {
        var manifest = ManifestText.Parse(
            Least
                + """

                signals: [declined, late-2]
                rollout:
                  assignment: request
                  steps: [ { share: 5%, requests: 500, value: 10000.50 EUR }, { share: 50%, requests: 2000 } ]
                """
        );

        Assert.Equal(["declined", "late-2"], manifest.Signals);
        Assert.Equal(Assignment.Request, manifest.Rollout.Assignment);
        Assert.Equal([new Money(10_000.5m, "EUR"), null], manifest.Rollout.Steps.Select(s => s.Value));
    }

    [Theory]
    [InlineData("{}", 10_000, 500, 600, "GET HEAD", null)]
    [InlineData("{ share: 0.5%, requests: 7, within: 1h }", 50, 7, 3600, "GET HEAD", null)]
    [InlineData("{ methods: [GET, POST], paths: [/quotes, /a/b] }", 10_000, 500, 600, "GET POST", "/quotes /a/b")]
    public void AShadowMayComeBeforeTheFirstStep(
        string yaml,
        int share,
        int requests,
        int seconds,
        string methods,
        string? paths
    )
    {
        var shadow = ManifestText.Parse(Least + $"\nrollout: {{ shadow: {yaml} }}").Rollout.Shadow!;

        Assert.Equal((new Share(share), requests, seconds), (shadow.Share, shadow.Requests, shadow.WithinSeconds));
        Assert.Equal(methods.Split(' '), shadow.Methods);
        Assert.Equal(paths?.Split(' '), shadow.Paths);
        Assert.Null(ManifestText.Parse(Least).Rollout.Shadow);
    }

    [Fact]
    public void GuestsOfAStepAreKeptAsDigests()
    {
        var rollout = ManifestText
            .Parse(
                Least
                    + """

                    rollout:
                      by-name: true
                      steps:
                        - { share: 5%, requests: 500, clients: [ann@example.com, "7"], cohorts: ["X-Tenant: acme"] }
                        - { share: 50%, requests: 2000 }
                    """
            )
            .Rollout;

        var guests = rollout.Steps[0].Guests!;
        var bank = new ServiceName("bank");
        Assert.Equal([Guests.Digest(bank, "ann@example.com"), Guests.Digest(bank, "7")], guests.Clients);
        Assert.Equal(["X-Tenant: acme"], guests.Cohorts);
        Assert.All(guests.Clients, client => Assert.Matches("^[0-9a-f]{32}$", client));
        Assert.NotEqual(Guests.Digest(new ServiceName("wallet"), "7"), guests.Clients[1]);
        Assert.Null(rollout.Steps[1].Guests);
        Assert.True(rollout.ByName);
    }

    [Theory]
    [InlineData("by-name: perhaps", "rollout.by-name: found 'perhaps'; accepted: true or false")]
    [InlineData(
        "steps: [ { share: 5%, requests: 5, clients: [7] } ]",
        "clients[0]: found the number 7; accepted: a client"
    )]
    [InlineData(
        "steps: [ { share: 5%, requests: 5, clients: ann } ]",
        "clients: found 'ann'; accepted: a list of at most"
    )]
    [InlineData(
        "steps: [ { share: 5%, requests: 5, cohorts: [acme] } ]",
        "cohorts[0]: found 'acme'; accepted: a header"
    )]
    public void GuestsThatAreNoneAreToldWithTheirPlace(string rollout, string problem) =>
        Assert.Contains(problem, ManifestText.Problem($"{Least}\nrollout:\n  {rollout}\n"), StringComparison.Ordinal);

    [Fact]
    public void HostsMayBeDeclared()
    {
        Assert.Equal(
            ["pay.example.com", "pay-2.example.com"],
            ManifestText.Parse($"{Least}\nhosts: [pay.example.com, pay-2.example.com]\n").Hosts
        );
        Assert.Null(ManifestText.Parse(Least).Hosts);
    }

    [Theory]
    [InlineData("[Pay.example.com]", "hosts[0]: found 'Pay.example.com'; accepted: a name of a host")]
    [InlineData("[pay]", "hosts[0]: found 'pay'")]
    [InlineData("[bank.localhost]", "hosts[0]: found 'bank.localhost'")]
    [InlineData("['10.0.0.7']", "hosts[0]: found the text '10.0.0.7'")]
    [InlineData("['pay.example.com:443']", "hosts[0]: found the text 'pay.example.com:443'")]
    [InlineData("[a.b, a.b]", "'a.b' is listed twice")]
    [InlineData(
        "[a.b, b.b, c.b, d.b, e.b, f.b, g.b, h.b, i.b, j.b, k.b]",
        "hosts: found 11; accepted: a list of at most 10"
    )]
    public void HostsThatAreNoneAreToldWithTheirPlace(string hosts, string problem) =>
        Assert.Contains(problem, ManifestText.Problem($"{Least}\nhosts: {hosts}\n"), StringComparison.Ordinal);

    [Fact]
    public void SurgesMayBeDeclared()
    {
        var surge = ManifestText
            .Parse(
                Least
                    + """

                    surge:
                      client: 20/s
                      service: 1000000/h
                      concurrency: adaptive
                      priorities: [ { path: /payments, method: POST, priority: high }, { path: /, priority: low } ]
                    """
            )
            .Surge!;

        Assert.Equal(
            (new Rate(20, 1), new Rate(1_000_000, 3_600), Concurrency.Adaptive),
            (surge.Client, surge.Service, surge.Concurrency)
        );
        Assert.Equal([new("/payments", Priority.High, "POST"), new PriorityRule("/", Priority.Low)], surge.Priorities!);
        Assert.Null(ManifestText.Parse(Least).Surge);
    }

    [Theory]
    [InlineData("client: 20", "10:11: surge.client: found the number 20; accepted: a rate of 1 to 1000000 requests")]
    [InlineData("client: 0/s", "surge.client: found '0/s'; accepted: a rate")]
    [InlineData("client: -1/s", "surge.client: found '-1/s'; accepted: a rate")]
    [InlineData("service: 1000001/m", "surge.service: found '1000001/m'; accepted: a rate")]
    [InlineData("service: 5/d", "surge.service: found '5/d'; accepted: a rate")]
    [InlineData("concurrency: adaptiv", "did you mean adaptive?")]
    [InlineData("priorities: [ { path: /a?b=1, priority: low } ]", "surge.priorities[0].path: found '/a?b=1'")]
    [InlineData("priorities: [ { path: /a, priority: 1 } ]", "surge.priorities[0].priority: found the number 1")]
    [InlineData(
        "priorities: [ { path: /a, priority: low, method: get } ]",
        "method: found 'get'; accepted: a method in"
    )]
    [InlineData(
        "priorities: [ /a ]",
        "surge.priorities[0]: found '/a'; accepted: a mapping with path, priority, method"
    )]
    public void SurgesThatAreNoneAreToldWithTheirPlace(string surge, string problem) =>
        Assert.Contains(problem, ManifestText.Problem($"{Least}\nsurge:\n  {surge}\n"), StringComparison.Ordinal);

    [Fact]
    public void ProbesMayBeDeclared()
    {
        var manifest = ManifestText.Parse(
            Least
                + """

                rollout:
                  without-evidence: probe
                  probes: [ { path: /accounts/demo?full=1, expect: 404 }, { path: / } ]
                """
        );

        Assert.Equal(WithoutEvidence.Probe, manifest.Rollout.WithoutEvidence);
        Assert.Equal([new("/accounts/demo?full=1", 404), new("/", 200)], manifest.Rollout.Probes!);
    }

    [Fact]
    public void TimeoutsAndHaltsMayBeDeclared()
    {
        var manifest = ManifestText.Parse(
            Least
                + """

                timeouts: { connect: 250ms, headers: 5s, total: 1h }
                halt: { in-flight: cut }
                """
        );

        Assert.Equal(new Timeouts(250, 5_000, 100_000, 3_600_000), manifest.Timeouts);
        Assert.Equal(InFlight.Cut, manifest.OnHalt);
    }

    [Fact]
    public void WhatMayBeLeftOutHasDefaults()
    {
        var manifest = ManifestText.Parse(Least);

        Assert.Equal(600, manifest.Build.TimeoutSeconds);
        Assert.Equal(120, manifest.Smoke.TimeoutSeconds);
        Assert.Equal(600, manifest.Full.TimeoutSeconds);
        Assert.Equal(new RunPlan("./bank", 512L << 20, 1024), manifest.Run);
        Assert.Equal(30, manifest.Health.WithinSeconds);
        Assert.Null(manifest.InvariantsPath);
        Assert.Empty(manifest.Configuration);
        Assert.Null(manifest.Signals);
        Assert.Null(manifest.Timeouts);
        Assert.Null(manifest.OnHalt);
        Assert.Equal(Assignment.Client, manifest.Rollout.Assignment);
    }

    [Fact]
    public void EveryProfileHasARolloutOfItsOwnStanding()
    {
        foreach (var profile in Profiles.All)
        {
            var rollout = ManifestText.Parse(Least.Replace("valuation", profile, StringComparison.Ordinal)).Rollout;

            var shares = rollout.Steps.Select(s => s.Share.BasisPoints).ToList();
            Assert.Equal(shares.Order().Distinct(), shares);
            Assert.InRange(rollout.FalseRollback, 0.000001m, 0.05m);
        }
    }

    [Fact]
    public void ProfilesThatMoveMoneyBeginMoreCarefully()
    {
        var computes = ManifestText.Parse(Least).Rollout;
        var moves = ManifestText
            .Parse(Least.Replace("valuation", "automated-trading", StringComparison.Ordinal))
            .Rollout;

        Assert.True(moves.Steps[0].Share.BasisPoints < computes.Steps[0].Share.BasisPoints);
        Assert.True(moves.GuardSeconds > computes.GuardSeconds);
    }

    [Fact]
    public void OnePartOfARolloutMayBeGivenAlone()
    {
        var manifest = ManifestText.Parse(Least + "\nrollout: { guard: 0s }");

        Assert.Equal(0, manifest.Rollout.GuardSeconds);
        Assert.NotEmpty(manifest.Rollout.Steps);
    }

    [Fact]
    public void CommandsMaySpanLines()
    {
        var manifest = ManifestText.Parse(
            Least.Replace("{ run: make }", "\n  run: |\n    set -e\n    make\n", StringComparison.Ordinal)
        );

        Assert.Equal("set -e\nmake\n", manifest.Build.Command);
    }
}
