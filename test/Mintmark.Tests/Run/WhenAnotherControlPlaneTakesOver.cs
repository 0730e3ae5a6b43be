using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnotherControlPlaneTakesOver : IDisposable
{
    readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task ItFindsTheInstanceByItsEnvironment()
    {
        var started = home.Start("echo ready; exec sleep 100");
        await home.SaysAsync(1, "ready");
        home.Replace();
        var found = Assert.Single(home.Of(1), p => p.Leads);
        Assert.Equal((started.Pid, started.StartTicks), (found.Pid, found.StartTicks));
    }

    [Fact]
    public void AnotherHomesInstancesAreNotItsOwn()
    {
        home.Start("exec sleep 100");
        using var other = new ProcessRuntime(home.Options with { HomeId = home.Id + "2" }, TimeProvider.System);
        using var shorter = new ProcessRuntime(home.Options with { HomeId = home.Id[..^1] }, TimeProvider.System);
        Assert.Empty(other.Living());
        Assert.Empty(shorter.Living());
    }

    [Theory]
    [InlineData("7 (sh) S 1 7 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1234 99 98", 'S', 1, 9, 1234)]
    [InlineData("7 (a) Z 3 (b) Z 2 7 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 55 99", 'Z', 2, 9, 55)]
    public void AProgramsNameDoesNotFoolIt(string line, char state, int parent, int session, long start)
    {
        var stat = ProcStat.Parse(System.Text.Encoding.UTF8.GetBytes(line));
        Assert.Equal(new ProcStat(state, parent, session, start), stat);
    }
}
