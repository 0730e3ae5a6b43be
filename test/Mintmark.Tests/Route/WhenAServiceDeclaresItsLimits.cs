using Mintmark.Releases;
using Mintmark.Route;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Route;

public sealed class WhenAServiceDeclaresItsLimits
{
    private static readonly SurgePlan Few = new(Client: new Rate(5, 1));
    private static readonly SurgePlan Many = new(Client: new Rate(50, 1));

    [Fact]
    public void ThoseOfTheVersionInServiceHoldUntilTheNewOneIsPromoted()
    {
        using var story = InMemory().Serving(Declared with { Surge = Few }).Ramping(Declared with { Surge = Many });

        Assert.Equal(Few, Assert.Single(Routes.From(story.State).Services).Surge);
    }

    [Fact]
    public void ItsHostsAreThoseOfTheVersionInService()
    {
        using var ramping = InMemory()
            .Serving(Declared with { Hosts = ["old.example.com"] })
            .Ramping(Declared with { Hosts = ["new.example.com"] });
        using var guarding = InMemory()
            .Serving(Declared with { Hosts = ["old.example.com"] })
            .Guarding(Declared with { Hosts = ["new.example.com"] });

        Assert.Equal(["old.example.com"], Assert.Single(Routes.From(ramping.State).Services).Hosts!);
        Assert.Equal(["new.example.com"], Assert.Single(Routes.From(guarding.State).Services).Hosts!);
    }

    [Fact]
    public void ThoseOfTheNewOneHoldInItsGuard()
    {
        using var story = InMemory().Serving(Declared with { Surge = Few }).Guarding(Declared with { Surge = Many });

        Assert.Equal(Many, Assert.Single(Routes.From(story.State).Services).Surge);
    }
}
