using Mintmark.Gate;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenPeopleAreAwaited : IDisposable
{
    private static readonly ServiceName Bank = new("bank");
    private static readonly ReleaseId First = new(1);

    private readonly LogFolder folder = new();
    private readonly HandClock clock = new();
    private readonly ReleaseJournal journal;
    private readonly List<byte[]> kept = [];
    private readonly GateReconciler gate;

    public WhenPeopleAreAwaited()
    {
        journal = ReleaseJournal.Open(SqliteStorage.Open(folder.Database), folder.Key, LogFolder.Origin, clock);
        gate = new GateReconciler(journal, new ProfilePlace(null), clock, kept.Add);
    }

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task TheLogSaysSoOnceAndTheReleaseGoesOnWhenTheyHaveSpoken()
    {
        await ShippedAsync();
        await gate.ReconcileAsync(default);
        await gate.ReconcileAsync(default);

        var waits = Assert.Single(Events<Event.GateWaits>());
        Assert.Equal(Phase.Gating, journal.State.Releases[First].Phase);
        Assert.Equal(["approved-by-another"], Awaited(waits));

        await DoAsync("paul", new Command.Approve(First, null, "seen it"));
        await gate.ReconcileAsync(default);

        Assert.Equal(Phase.Waiting, journal.State.Releases[First].Phase);
        var decided = Assert.Single(Events<Event.GateDecided>());
        Assert.Equal(waits.Policy, decided.Policy);
        Assert.Equal(decided.Policy, $"sha256:{Convert.ToHexStringLower(Sha(kept[^1]))}");
    }

    [Fact]
    public async Task WhatEndsMeanwhileIsRefusedThoughPeopleAreAwaited()
    {
        await ShippedAsync();
        await gate.ReconcileAsync(default);
        await DoAsync("somebody", new Command.Freeze(Bank, "year end"));

        await gate.ReconcileAsync(default);

        Assert.Equal(Outcome.Refused, journal.State.Releases[First].Outcome);
        Assert.Equal("not-frozen: frozen by somebody: year end", journal.State.Releases[First].OutcomeReason);
    }

    /// <summary>By Erin, where only approval is enforced; Paul may give it.</summary>
    private async Task ShippedAsync()
    {
        await DoAsync("somebody", Added("erin", Role.Engineer));
        await DoAsync("somebody", Added("paul", Role.Approver));
        clock.Now = clock.Now.AddSeconds(1);
        var commit = new Source("/srv/bank", new string('c', 40), new string('e', 40), "anna", "a change");
        await DoAsync("erin", new Command.Ship(commit, Story.Declared, "it is time"));
        await DoAsync("paul", new Command.Enforce(Bank, ["approved-by-another"], "now"));
        Event[] built =
        [
            new Event.SuiteFinished(First, new("smoke", 3, 0, 0, [], AtTheGate.Digest, 10)),
            new Event.SuiteFinished(First, new("full", 40, 0, 2, [], AtTheGate.Digest, 900)),
            new Event.VersionBuilt(First, new(AtTheGate.Digest, 1_024, [], clock.Now, Story.Evidence)),
        ];
        foreach (var what in built)
            await DoAsync("mintmark/build", new Command.Record(what));
    }

    private async Task DoAsync(string by, Command command) =>
        Assert.IsType<Decision.Accepted>(await journal.ExecuteAsync(command, new(by), default));

    private IReadOnlyList<T> Events<T>()
        where T : Event => [.. journal.Read(0).Select(e => e.Entry.Event).OfType<T>()];

    private static Command.AddPerson Added(string name, Role role) =>
        new(new(name), [role], AtTheGate.Digest, [], "works here");

    private static IEnumerable<string> Awaited(Event.GateWaits waits) =>
        waits.Controls.Where(c => c.Standing == Standing.Awaited).Select(c => c.Control);

    private static byte[] Sha(byte[] bytes) => System.Security.Cryptography.SHA256.HashData(bytes);
}
