using Mintmark.Gate;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenNothingIsShippedYet
{
    private static readonly AtTheGate Unbuilt = new("automated-trading")
    {
        Artifact = null,
        Suites = [],
        Said = [],
        Manifest = Watch.Story.Declared,
    };

    [Fact]
    public void WhatABuildMakesIsLeftToTheBuild()
    {
        var places = Explained(Unbuilt);

        Assert.Equal(Place.ABuildWillTell, places["full-suite-passed"].Place);
        Assert.Equal(Place.ABuildWillTell, places["approved-by-another"].Place);
        Assert.Equal(Place.Passed, places["not-frozen"].Place);
        Assert.Equal(Place.Later, places["kill-rehearsed"].Place);
        Assert.Equal(Place.NotCovered, places["stress-tested"].Place);
    }

    [Fact]
    public void WhatTheManifestSaysNoToIsANoAlready() =>
        Assert.Equal(Place.Refused, Explained(Unbuilt with { Profile = "valuation" })["build-reproducible"].Place);

    [Fact]
    public void OfABuiltVersionEachControlIsInItsPlace()
    {
        var (state, release) = new AtTheGate("consumer-banking") { Said = [] }.Folded();
        var policy = new ProfilePlace(null).PolicyOf("consumer-banking", state, release, AtTheGate.Noon);

        var places = Explanation.Of(state, release, policy, AtTheGate.Noon).ToDictionary(e => e.Control);

        Assert.Equal(Place.Passed, places["full-suite-passed"].Place);
        Assert.Equal(Place.Awaited, places["approved-by-another"].Place);
        Assert.Equal("approvers 1", places["approved-by-another"].Text);
        Assert.Contains("paul, petra", places["approved-by-another"].Remedy, StringComparison.Ordinal);
        Assert.Equal(Place.NotCovered, places["ui-consistent"].Place);
    }

    private static Dictionary<string, Explained> Explained(AtTheGate at)
    {
        var (state, release) = at.Folded();
        var policy = new ProfilePlace(null).PolicyOf(at.Profile, state, release, AtTheGate.Noon);
        return Explanation.OfUnbuilt(state, release, policy, AtTheGate.Noon).ToDictionary(e => e.Control);
    }
}
