using Mintmark.Gate;
using Mintmark.Releases;
using Mintmark.Yaml;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenTheCatalogueIsRead
{
    [Fact]
    public void EveryLineOfBusinessHasItsProfile()
    {
        Assert.Equal(Profiles.All.Order(), Profile.Shipped.Keys.Order());
        Assert.All(Profile.Shipped, p => Assert.Equal(p.Key, p.Value.Name));
    }

    [Fact]
    public void EveryControlIsDemandedBySomebody()
    {
        var demanded = Profile.Shipped.Values.SelectMany(p => p.Demands).Select(d => d.Control.Id);

        Assert.Empty(Catalogue.Shipped.Controls.Values.Where(c => !c.Floor).Select(c => c.Id).Except(demanded));
    }

    [Fact]
    public void TheNormsAreAQuery()
    {
        var serving = Catalogue.Shipped.Controls.Values.Where(c => c.Serves.ContainsKey("rts-6")).Select(c => c.Id);

        Assert.Contains("kill-rehearsed", serving);
        Assert.DoesNotContain("model-validated", serving);
        Assert.Equal(["pci-dss", "soc-2", "dora-rts", "rts-6", "sr-26-2"], Catalogue.Shipped.Norms.Keys);
    }

    [Fact]
    public void EveryValueIsWithinItsBounds() =>
        Assert.All(
            Profile.Shipped.Values.SelectMany(p => p.Demands),
            d => Assert.All(d.Control.Parameters, p => Assert.InRange(d.Set[p.Name], p.Least, p.Most))
        );

    [Theory]
    [InlineData(
        "- { id: a, demands: x, decided: y, when: never }",
        "controls[0].when: found 'never'; accepted: one of"
    )]
    [InlineData("- { id: a, demands: x, decided: y }", "controls[0].when: missing")]
    [InlineData("- { id: a, demands: x, decided: y, when: gate, serves: { iso: [x] } }", "no norm 'iso'")]
    public void WhatIsWrongIsToldWithItsPlace(string control, string reason)
    {
        var wrong = Assert.Throws<DeclaredException>(() =>
            CatalogueReader.Read($"version: 1\nnorms: {{ soc-2: SOC }}\ncontrols:\n  {control}", "controls.yaml")
        );

        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.StartsWith("controls.yaml:4:", wrong.Message, StringComparison.Ordinal);
    }
}
