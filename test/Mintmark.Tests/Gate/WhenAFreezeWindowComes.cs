using System.Globalization;
using Mintmark.Gate;
using Mintmark.Releases;
using Mintmark.Tests.Watch;
using Mintmark.Yaml;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenAFreezeWindowComes : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("[fri]", "15:30", "17:00", "2026-03-06T14:29:59Z", false)]
    [InlineData("[fri]", "15:30", "17:00", "2026-03-06T14:30:00Z", true)]
    [InlineData("[fri]", "15:30", "17:00", "2026-03-06T16:00:00Z", false)]
    [InlineData("[fri]", "15:30", "17:00", "2026-03-05T15:00:00Z", false)]
    // In summer Berlin is two hours ahead.
    [InlineData("[fri]", "15:30", "17:00", "2026-07-03T13:30:00Z", true)]
    [InlineData("[fri]", "22:00", "02:00", "2026-03-07T00:30:00Z", true)]
    [InlineData("[fri]", "22:00", "02:00", "2026-03-07T01:00:00Z", false)]
    [InlineData("[last]", "00:00", "00:00", "2026-02-28T12:00:00Z", true)]
    [InlineData("[last]", "00:00", "00:00", "2026-03-01T12:00:00Z", false)]
    [InlineData("[31]", "00:00", "00:00", "2026-03-30T23:00:00Z", true)]
    [InlineData("['12-24']", "00:00", "00:00", "2029-12-24T22:59:00Z", true)]
    [InlineData("['2026-12-24']", "00:00", "00:00", "2027-12-24T12:00:00Z", false)]
    // The hour from 02:00 to 03:00 comes twice on that night.
    [InlineData("[sun]", "02:00", "03:00", "2026-10-25T00:30:00Z", true)]
    [InlineData("[sun]", "02:00", "03:00", "2026-10-25T01:30:00Z", true)]
    [InlineData("[sun]", "02:00", "03:00", "2026-10-25T02:30:00Z", false)]
    public void ItIsKeptByTheClocksOfItsPlace(string days, string from, string to, string at, bool holds) =>
        Assert.Equal(holds, Window(days, from, to).Holds(Time(at)));

    [Theory]
    [InlineData("[fri]", "15:30", "2026-03-02T12:00:00Z", "2026-03-06T14:30:00Z")]
    [InlineData("[mon]", "13:30", "2026-03-02T12:00:00Z", "2026-03-02T12:30:00Z")]
    // There is no half past two on that night: it begins as the clocks are at three.
    [InlineData("[sun]", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("[sun]", "02:30", "2026-03-30T12:00:00Z", "2026-04-05T00:30:00Z")]
    public void ItIsToldBeforeItBegins(string days, string from, string now, string begins) =>
        Assert.Equal(Time(begins), Window(days, from, "23:00").Next(Time(now), TimeSpan.FromDays(7)));

    [Fact]
    public void AServiceIsFrozenAndThawedByIt()
    {
        using var story = Story.InMemory().Shipped();
        ProfileWindow[] windows = [new("consumer-banking", Window("[mon]", "13:00", "14:00"))];
        var at = Time("2026-03-02T12:30:00Z");
        var service = story.State.Services[Story.Bank];

        var frozen = Assert.IsType<Command.Freeze>(FreezeReconciler.Plan(service, windows, at));
        Assert.Equal("freeze window close (mon 13:00 to 14:00 Europe/Berlin) of consumer-banking", frozen.Reason);

        var held = service with { Frozen = new(at, FreezeReconciler.By, frozen.Reason) };
        Assert.Null(FreezeReconciler.Plan(held, windows, at));
        Assert.IsType<Command.Thaw>(FreezeReconciler.Plan(held, windows, at.AddHours(1)));
    }

    [Fact]
    public void WhatAPersonFrozeStaysFrozen()
    {
        using var story = Story.InMemory().Shipped().Do(new Command.Freeze(Story.Bank, "audit week"));

        Assert.Null(FreezeReconciler.Plan(story.State.Services[Story.Bank], [], story.Now));
    }

    [Fact]
    public void WhoFreezesWithinAWindowKeepsItFrozenAfterwards()
    {
        using var story = Story.InMemory().Shipped();
        var frozen = Fold.Apply(
            story.State,
            new Entry(story.Now, FreezeReconciler.By, new Event.Frozen(Story.Bank, "freeze window"))
        );

        var decision = Decider.Decide(frozen, new Command.Freeze(Story.Bank, "audit week"), Story.Alice);

        Assert.IsType<Event.Frozen>(Assert.Single(Assert.IsType<Decision.Accepted>(decision).Events));
    }

    [Fact]
    public void WhatAPersonFrozeAsTheWindowEndedStaysFrozen()
    {
        using var story = Story.InMemory().Shipped().Do(new Command.Freeze(Story.Bank, "audit week"));

        var decision = Decider.Decide(story.State, new Command.Thaw(Story.Bank, "over"), FreezeReconciler.By);

        Assert.Empty(Assert.IsType<Decision.Accepted>(decision).Events);
    }

    [Fact]
    public async Task NobodyThawsWithinIt()
    {
        using var story = Story.InAJournal().Shipped();
        Lay("consumer-banking");
        var freezes = new FreezeReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);
        await freezes.ReconcileAsync(CancellationToken.None);
        var thaw = new Command.Thaw(Story.Bank, "it is urgent", freezes.Holding(Story.Bank));

        var refused = Assert.IsType<Decision.Refused>(Decider.Decide(story.State, thaw, Story.Alice));
        Assert.Equal("window-holds", refused.Rule);
        Assert.Contains(Always("consumer-banking"), refused.Reason, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder, "consumer-banking.yaml"));
        Assert.Null(freezes.Holding(Story.Bank));
    }

    [Fact]
    public async Task AWindowThatComesWhileTheFileCannotBeReadIsTheReasonOnceItCan()
    {
        using var story = Story.InAJournal().Shipped();
        var path = Path.Combine(folder, "consumer-banking.yaml");
        File.CreateSymbolicLink(path, path);
        var freezes = new FreezeReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);
        await Assert.ThrowsAnyAsync<Exception>(() => freezes.ReconcileAsync(CancellationToken.None));
        var blind = story.State.Services[Story.Bank].Frozen?.Reason;
        Assert.Equal(blind, freezes.Holding(Story.Bank));

        File.Delete(path);
        Lay("consumer-banking");
        await freezes.ReconcileAsync(CancellationToken.None);

        Assert.NotEqual(Always("consumer-banking"), blind);
        Assert.Equal(Always("consumer-banking"), story.State.Services[Story.Bank].Frozen?.Reason);
    }

    [Fact]
    public async Task TheReconcilerReadsTheTeamsWindows()
    {
        using var story = Story.InAJournal().Shipped();
        Lay("consumer-banking");
        var freezes = new FreezeReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);

        await freezes.ReconcileAsync(CancellationToken.None);
        await freezes.ReconcileAsync(CancellationToken.None);

        Assert.Equal(FreezeReconciler.By, story.State.Services[Story.Bank].Frozen!.By);
        Assert.Single(story.Journal!.Read(0), e => e.Entry.Event is Event.Frozen);

        File.Delete(Path.Combine(folder, "consumer-banking.yaml"));
        await freezes.ReconcileAsync(CancellationToken.None);
        Assert.Null(story.State.Services[Story.Bank].Frozen);
    }

    [Fact]
    public async Task AVersionThatNamesAnotherProfileDoesNotLiftTheWindowsOfTheOneThatServes()
    {
        using var story = Story.InAJournal().Serving();
        Lay("consumer-banking");
        var freezes = new FreezeReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);
        await freezes.ReconcileAsync(CancellationToken.None);

        story.Shipped(Story.Declared with { Profile = "valuation" });
        await freezes.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Always("consumer-banking"), story.State.Services[Story.Bank].Frozen?.Reason);

        story.Do(new Command.Thaw(Story.Bank, "it is urgent"));
        Lay("valuation");
        await freezes.ReconcileAsync(CancellationToken.None);
        Assert.Equal(
            $"{Always("consumer-banking")}, {Always("valuation")["freeze window ".Length..]}",
            story.State.Services[Story.Bank].Frozen?.Reason
        );
    }

    [Fact]
    public async Task WhereItsWindowsCannotBeReadAServiceIsFrozenAndNoOtherIsMissed()
    {
        using var story = Story.InAJournal().Shipped().Shipped(Pay);
        var path = Path.Combine(folder, "consumer-banking.yaml");
        File.CreateSymbolicLink(path, path);
        var place = new ProfilePlace(folder);
        var freezes = new FreezeReconciler(story.Journal!, place, story.Clock);
        Lay("valuation");

        var wrong = await Assert.ThrowsAsync<DeclaredException>(() => freezes.ReconcileAsync(CancellationToken.None));

        Assert.StartsWith("consumer-banking.yaml: cannot be read: ", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(Always("valuation"), story.State.Services[Pay.Name].Frozen?.Reason);
        Assert.Equal("its freeze windows cannot be read: mint status says why", Frozen(story)?.Reason);
        Assert.Equal(FreezeReconciler.By, Frozen(story)?.By);

        File.Delete(path);
        await freezes.ReconcileAsync(CancellationToken.None);
        Assert.Null(Frozen(story));
    }

    [Fact]
    public async Task WhatAPersonFrozeStaysFrozenThoughWindowsCannotBeRead()
    {
        using var story = Story.InAJournal().Shipped();
        var path = Path.Combine(folder, "consumer-banking.yaml");
        File.WriteAllText(path, "profile: voting");
        var freezes = new FreezeReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);
        await Assert.ThrowsAsync<DeclaredException>(() => freezes.ReconcileAsync(CancellationToken.None));
        story.Do(new Command.Freeze(Story.Bank, "audit week"));

        await Assert.ThrowsAsync<DeclaredException>(() => freezes.ReconcileAsync(CancellationToken.None));
        File.Delete(path);
        await freezes.ReconcileAsync(CancellationToken.None);

        Assert.Equal("audit week", Frozen(story)?.Reason);
    }

    [Fact]
    public async Task TheGateDecidesNothingUntilTheWindowsAreKnownAgain()
    {
        using var story = Story.InAJournal().Shipped().Built();
        var path = Path.Combine(folder, "consumer-banking.yaml");
        File.WriteAllText(path, "");
        var place = new ProfilePlace(folder);
        var freezes = new FreezeReconciler(story.Journal!, place, story.Clock);
        var gate = new GateReconciler(story.Journal!, place, story.Clock);
        await Assert.ThrowsAsync<DeclaredException>(() => freezes.ReconcileAsync(CancellationToken.None));

        File.Delete(path);
        await gate.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Phase.Gating, story.Release.Phase);

        await freezes.ReconcileAsync(CancellationToken.None);
        await gate.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Phase.Waiting, story.Release.Phase);
    }

    [Fact]
    public void ManyWindowsAreAsGoodAReasonAsOne()
    {
        using var story = Story.InMemory().Shipped();
        var always = Window("[mon, tue, wed, thu, fri, sat, sun]", "00:00", "00:00");
        var windows = Enumerable.Repeat(new ProfileWindow("voting", always), 100).ToList();

        var freeze = FreezeReconciler.Plan(story.State.Services[Story.Bank], windows, story.Now)!;

        Assert.IsType<Decision.Accepted>(Decider.Decide(story.State, freeze, FreezeReconciler.By));
    }

    [Theory]
    [InlineData("days: [friday], zone: Etc/UTC", "days[0]: found 'friday'")]
    [InlineData("days: [], zone: Etc/UTC", "days: none")]
    [InlineData("days: [fri], zone: Berlin", "zone: found 'Berlin'; accepted: a time zone of the IANA database")]
    [InlineData("days: [fri], zone: Etc/UTC, from: '25:00'", "from: found the text '25:00'")]
    public void WhatIsNoWindowIsRefused(string window, string reason)
    {
        var yaml = $"profile: voting\nfreezes: [{{ name: close, {window} }}]";

        var wrong = Assert.Throws<DeclaredException>(() =>
            ProfileReader.Overlay(yaml, "voting.yaml", Profile.Shipped["voting"], Catalogue.Shipped)
        );

        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
    }

    private static Manifest Pay => Story.Declared with { Name = new("pay"), Profile = "valuation" };

    private static Hold? Frozen(Story story) => story.State.Services[Story.Bank].Frozen;

    private static string Always(string profile) =>
        $"freeze window always (mon, tue, wed, thu, fri, sat, sun 00:00 to 24:00 Etc/UTC) of {profile}";

    private void Lay(string profile)
    {
        var windows = "freezes: [{ name: always, days: [mon, tue, wed, thu, fri, sat, sun], zone: Etc/UTC }]";
        File.WriteAllText(Path.Combine(folder, $"{profile}.yaml"), $"profile: {profile}\n{windows}");
    }

    private static FreezeWindow Window(string days, string from, string to)
    {
        var yaml = $$"""
            profile: voting
            freezes: [{ name: close, days: {{days}}, from: '{{from}}', to: '{{to}}', zone: Europe/Berlin }]
            """;
        return ProfileReader
            .Overlay(yaml, "voting.yaml", Profile.Shipped["voting"], Catalogue.Shipped)
            .Freezes.Single();
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
