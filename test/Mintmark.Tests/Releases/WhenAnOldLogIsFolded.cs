using System.Text;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.House;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

/// <summary>Entries that an older program wrote: two releases, counted with one kind of slowness.</summary>
public sealed class WhenAnOldLogIsFolded
{
    private static readonly string[] Lines = File.ReadAllLines(
        Checkout.In("test/Mintmark.Tests/Releases/OldLog.jsonl")
    );

    private static State Folded =>
        Replay.Fold(State.Empty, Lines.Select((line, i) => new StoredEntry(i, Encoding.UTF8.GetBytes(line), default)));

    [Fact]
    public void EveryEntryIsReadAndTheReleasesEndAsTheyDid()
    {
        Assert.Equal(Lines.Length, Folded.Size);
        Assert.Equal(Outcome.Promoted, Folded.Releases[Release(1)].Outcome);
        Assert.Equal(Outcome.RolledBack, Folded.Releases[Release(2)].Outcome);
        Assert.Equal(Verdict.Worse, Folded.Releases[Release(2)].Steps[^1].Reached!.Verdict);
    }

    [Fact]
    public void ItsCountsAreErrorsAndSlownessByTheNinetyNinthPercentile()
    {
        var steps = Folded.Releases[Release(2)].Steps;

        var first = steps[0].Total();
        Assert.Equal(ArmTally.Of(7_700, 4, ("errors", 3), ("slow-p99", 60)), first.Baseline);
        Assert.Equal(ArmTally.Of(407, 1, ("errors", 1), ("slow-p99", 4)), first.Candidate);
        Assert.Equal(ArmTally.Of(310, 20, ("errors", 18)), steps[1].Total().Candidate);
    }

    [Fact]
    public void ItsThresholdIsThatOfTheNinetyNinthPercentileAndNoPastIsKnown()
    {
        var steps = Folded.Releases[Release(2)].Steps;

        Assert.Equal(ByName.Of<long>(("slow-p99", 4_200)), steps[0].Thresholds);
        Assert.Equal(ByName<long>.Empty, steps[1].Thresholds);
        Assert.All(steps, step => Assert.Equal(ByName<decimal>.Empty, step.PastRates));
    }

    [Fact]
    public void ItsManifestMeansWhatItMeant()
    {
        var manifest = Folded.Versions[Mark(1)].Manifest;

        Assert.Null(manifest.Signals);
        Assert.Equal(Assignment.Client, manifest.Rollout.Assignment);
        Assert.All(manifest.Rollout.Steps, step => Assert.Null(step.Value));
    }

    [Fact]
    public void WhatWasNoEntryThenIsNoneNow()
    {
        var counted = Assert.Single(Lines, line => line.Contains("7600", StringComparison.Ordinal));

        string Replaced(string old, string by) => counted.Replace(old, by, StringComparison.Ordinal);

        Assert.All(
            [Replaced("\"slow\":76,", ""), Replaced("7600", "-1")],
            line => Assert.Throws<LogCorruptException>(() => EntryCodec.Decode(0, Encoding.UTF8.GetBytes(line)))
        );
    }
}
