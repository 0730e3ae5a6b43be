using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Tests.Cli;

/// <summary>Answers with everything in them that there can be.</summary>
static class EvidenceShapes
{
    private static readonly ServiceName Bank = new("bank");
    private static readonly DateTimeOffset At = Story.Beginning;

    public static readonly CasesAnswer Cases = new(
        Bank,
        new(Bank, 17),
        At,
        148,
        [
            new("PAY-7", "Settle", true, true, "not-verified", []),
            new("PAY-12", "Round down", true, false, "verified", ["Ledger.Rounds"]),
        ],
        [
            new(
                "Ledger.Rounds",
                "passed",
                [new("PAY-12", "name")],
                new(Bank, 3),
                new(Bank, 17),
                12,
                "passed",
                "it passed only when tried again in bank-16",
                null,
                [new(new(Bank, 17), "passed"), new(new(Bank, 16), "retried")]
            ),
            new(
                "Ledger.Sums",
                "failed",
                [],
                new(Bank, 17),
                new(Bank, 17),
                3,
                null,
                null,
                null,
                [new(new(Bank, 17), "failed")]
            ),
            new(
                "Ledger.Keeps",
                "missing",
                [],
                new(Bank, 3),
                new(Bank, 16),
                3,
                null,
                null,
                null,
                [new(new(Bank, 16), "passed")]
            ),
            new(
                "Ledger.Old",
                "retired",
                [],
                new(Bank, 3),
                new(Bank, 12),
                3,
                null,
                null,
                new Retirement(At, new Actor("alice"), "replaced by Ledger.Rounds"),
                []
            ),
        ],
        ["Ledger.Keeps"],
        ["Ledger.Rounds"],
        ["PAY-7"]
    );

    public static readonly ComponentsAnswer Components = new(
        new(Bank, 17),
        new Dictionary<string, int> { ["npm"] = 41, ["deb"] = 120 },
        [new("node", "18.20.4", "sha256:0f3a7710cc52"), new("git", "2.47.3")],
        ["debian 12"],
        ["go: tools/go.mod"],
        "sha256:71be0c9a44f0",
        1_204,
        [
            new("GHSA-y", ["CVE-1"], "pkg:npm/y@1.0.0", "y is odd", null, At.AddDays(-1), 1),
            new("GHSA-ws", [], "pkg:npm/ws@8.18.0", "ws affected by a DoS", 7.5m, At.AddDays(-622), 622),
        ],
        [new("GHSA-x", "pkg:npm/x@1.0.0", "desk.json", At.AddDays(300))],
        "sha256:55d0e1b2c3a4",
        [new("Node.js", "18", "tool:node@18.20.4", new DateOnly(2025, 4, 30), 306)]
    );

    public static readonly AdvisoriesAnswer Advisories = new(
        ["/srv/mint/advisories-fetched/0f3a7710cc52.zip"],
        ["https://mirror.example/osv"],
        21_600,
        At,
        4_100,
        "https://mirror.example/osv/npm/all.zip answers 503",
        "sha256:71be0c9a44f0",
        1_204
    );
}
