using Microsoft.AspNetCore.Builder;
using Mintmark.Cli;
using Mintmark.Gate;
using Mintmark.Server;
using Mintmark.Tests.Gate;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenTheGateIsAsked
{
    /// <summary>One of each place that a control can be in.</summary>
    public static GateAnswer Answer { get; } =
        new(
            new("bank"),
            new('c', 40),
            new(new("bank"), 17),
            new(12),
            "consumer-banking",
            1,
            "sha256:" + new string('5', 64),
            GateVerdict.Refused,
            [
                At("full-suite-passed", Place.Passed, "40 cases passed"),
                At("components-audited", Place.Refused, "A-1 (CVSS 7.5)", "move to versions without it", "severity 0"),
                At("approved-by-another", Place.Awaited, "0 of 1 approvals", "mint approve rel-12", "approvers 1"),
                At("kill-rehearsed", Place.Later, "shown on the running candidate"),
                At("ui-consistent", Place.NotCovered, "not covered: screens are not compared"),
                At("cases-present", Place.ABuildWillTell, "from the catalogue"),
                At("commits-signed", Place.Observed, "not signed", "sign it"),
            ],
            [
                new("month-end (last 00:00 to 24:00 Etc/UTC)", Story.Beginning),
                new("close (fri 15:00 to 24:00 Etc/UTC)", null),
            ],
            ["voting.yaml: commits-signed as paul would have it does not count: it ended on 2026-03-02"]
        );

    internal static ReadinessAnswer Assessed { get; } =
        new("a", "b", new("bank"), "c", 1, [new("ci", "d")], [new("e", Ready.More, "f", "g", false)]);

    internal static ProfileAnswer Banking { get; } =
        ProfileAnswer.Of(
            Profile.Shipped["consumer-banking"],
            ProfileReader.Overlay(
                """
                profile: consumer-banking
                controls: { approved-by-another: { approvers: 2 } }
                relax:
                  - { control: evidence-fresh, set: { age: 14d }, by: paul, reason: away, until: 2026-03-20 }
                freezes: [{ name: month-end, days: [last], zone: Etc/UTC }]
                """,
                "consumer-banking.yaml",
                Profile.Shipped["consumer-banking"],
                Catalogue.Shipped
            ),
            AtTheGate.Noon
        );

    [Fact]
    public async Task EachControlIsShownWithItsEvidenceAndWhatWouldSatisfyIt()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(mint, app => app.MapGet("/api/gate", () => Answer));

        var said = await mint.RunAsync("gate", "bank");

        Assert.Equal(1, said.Exit);
        Golden.Matches("gate", said.Transcript("gate bank"));
    }

    [Fact]
    public async Task ALineOfBusinessIsShownWithWhatTheTeamLaidOverIt()
    {
        using var mint = new Mint { Now = AtTheGate.Noon };
        Directory.CreateDirectory(Path.Combine(mint.HomeFolder, "profiles"));
        await File.WriteAllTextAsync(
            Path.Combine(mint.HomeFolder, "profiles", "consumer-banking.yaml"),
            "profile: consumer-banking\nrelax:\n"
                + "  - { control: evidence-fresh, set: { age: 14d }, by: paul, reason: away, until: 2026-03-20 }\n"
                + "freezes: [{ name: month-end, days: [last], zone: Etc/UTC }]\n"
        );

        Golden.Matches(
            "profile",
            (await mint.RunAsync("profiles", "consumer-banking")).Transcript("profiles consumer-banking")
        );
        Golden.Matches("profiles", (await mint.RunAsync("profiles")).Transcript("profiles"));
    }

    [Fact]
    public async Task WhatIsDamagedIsToldWithItsPlace()
    {
        using var mint = new Mint();
        Directory.CreateDirectory(Path.Combine(mint.HomeFolder, "profiles"));
        await File.WriteAllTextAsync(Path.Combine(mint.HomeFolder, "profiles", "voting.yaml"), "profile: votes\n");

        await mint.RefusesAsync("profiles voting", "voting.yaml:1:10: profile: found 'votes'; accepted: one of");
        await mint.RefusesAsync("profiles votes", "there is no profile 'votes'");
    }

    [Fact]
    public async Task ControlsOfANormAreAReport()
    {
        using var mint = new Mint();

        Golden.Matches(
            "controls-norm",
            (await mint.RunAsync("controls", "--norm", "rts-6", "--profile", "automated-trading")).Transcript(
                "controls --norm rts-6 --profile automated-trading"
            )
        );
        await mint.RefusesAsync("controls --norm iso", "iso");
    }

    private static Explained At(string control, Place place, string reason, string? remedy = null, string text = "") =>
        new(
            control,
            place,
            place == Place.Passed,
            reason,
            remedy,
            Catalogue.Shipped.Controls[control].Demands,
            text,
            false
        );
}
