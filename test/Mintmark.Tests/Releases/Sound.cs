using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Releases;

/// <summary>What holds of every state that commands can lead to.</summary>
static class Sound
{
    public static void Require(State state)
    {
        Assert.Equal(Enumerable.Range(1, state.Releases.Count), state.Releases.Keys.Select(id => id.Number));
        Assert.Equal(Enumerable.Range(1, state.Instances.Count), state.Instances.Keys.Select(id => id.Number));
        Assert.Distinct(state.Running().Select(i => i.Port));
        foreach (var service in state.Services.Values)
        {
            OfReleases(state, service);
            OfVersions(state, service);
            Assert.Equal(
                state.Instances.Values.Where(i => i.Mark.Service == service.Name && i.Phase != InstancePhase.Exited),
                service.Running.Select(id => state.Instances[id])
            );
        }
    }

    private static void OfReleases(State state, Service service)
    {
        var ofService = state.Releases.Values.Where(r => r.Service == service.Name).ToList();
        var open = ofService.FindAll(r => r.Phase != Phase.Ended);
        Assert.Equal(open.Select(r => r.Id), service.Open);
        Assert.True(open.Count(r => r.Phase >= Phase.Starting) <= 1, "one release at a time beside what serves");
        Assert.True(open.Count(r => r.Phase != Phase.Guarding) <= 1, "one release at a time on its way");
        Assert.True(open.TrueForAll(r => r.Kind == ReleaseKind.Ship) || open.Count == 1, "a return is alone");
        Assert.All(ofService, r => Assert.Equal(r.Phase == Phase.Ended, r.Outcome is not null));
        Assert.All(open.FindAll(r => r.Phase == Phase.Guarding), r => Assert.Equal(service.Serving, r.Mark));
        Assert.All(
            open.FindAll(r => r.Phase is Phase.Starting or Phase.Ramping),
            r => Assert.Equal(service.Serving, r.Baseline)
        );
    }

    private static void OfVersions(State state, Service service)
    {
        var marks = state.Versions.Keys.Where(m => m.Service == service.Name).ToList();
        Assert.Equal(Enumerable.Range(1, service.Builds), marks.Select(m => m.Number));
        Assert.Equal(service.Good.Order().Distinct(), service.Good);
        Assert.Empty(service.Good.Except(marks));
        var guarded = state.Open(service.Name).Any(r => r.Phase == Phase.Guarding);
        if (!guarded)
            Assert.Equal(service.Good.Count == 0 ? null : service.Good[^1], service.Serving);
        var takenBack = state.Releases.Values.Where(r =>
            r.Kind == ReleaseKind.Ship && r.Outcome is not (null or Outcome.Promoted)
        );
        Assert.DoesNotContain(takenBack, r => r.Mark == service.Serving || service.Good.Contains(r.Mark));
    }
}
