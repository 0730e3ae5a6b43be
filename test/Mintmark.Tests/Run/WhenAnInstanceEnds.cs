using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnInstanceEnds : IDisposable
{
    static readonly InstanceId First = new(1);

    readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -SEGV $$", 139)]
    public async Task ItsExitCodeIsKnown(string command, int code)
    {
        home.Start(command);
        await home.GoneAsync(1);
        Assert.Equal(code, home.Runtime.ExitCode(First));
    }

    [Fact]
    public async Task AnotherControlPlanesChildHasNoExitCode()
    {
        home.Start("exec sleep 100");
        home.Replace();
        home.Runtime.Signal(First, StopSignal.Kill);
        await home.GoneAsync(1);
        Assert.Null(home.Runtime.ExitCode(First));
    }

    [Fact]
    public async Task TheTerminationSignalLetsItFinish()
    {
        home.Start("trap 'echo finishing; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await home.SaysAsync(1, "ready");
        home.Runtime.Signal(First, StopSignal.Terminate);
        await home.GoneAsync(1);
        Assert.Contains("finishing", home.Output(1), StringComparison.Ordinal);
        Assert.Equal(0, home.Runtime.ExitCode(First));
    }

    [Fact]
    public async Task KillingItKillsWhateverItHasForked()
    {
        home.Start(
            "(sleep 101 & sleep 102 & wait) & setsid sleep 103 & env -i setsid /bin/sleep 104 & "
                + "echo ready; exec sleep 105"
        );
        await Eventually.HoldsAsync(() => Sleeping(101, 102, 103, 104, 105), "all of them sleep");
        home.Runtime.Signal(First, StopSignal.Kill);
        await home.GoneAsync(1);
        Assert.False(Sleeping(101));
        Assert.False(Sleeping(102));
        Assert.False(Sleeping(103));
        Assert.False(Sleeping(104));
    }

    [Fact]
    public async Task AChildCannotPassForAnotherInstances()
    {
        home.Start("sleep 106", 2);
        home.Start($"MINTMARK_INSTANCE={home.Id}/i-2 setsid sleep 107 & exec sleep 108", 1);
        await Eventually.HoldsAsync(() => Sleeping(106, 107, 108), "all of them sleep");
        home.Replace();
        home.Runtime.Signal(new InstanceId(2), StopSignal.Kill);
        await home.GoneAsync(2);
        Assert.True(Sleeping(107, 108));
    }

    [Fact]
    public async Task ASignalNeverReachesALaterOwnerOfThePid()
    {
        var process = home.Start("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        await home.SaysAsync(1, "ready");
        Kernel.Signal(process.Pid, process.StartTicks - 1, StopSignal.Kill);
        Kernel.Signal(process.Pid, process.StartTicks + 1, StopSignal.Kill);
        home.Runtime.Signal(First, StopSignal.Terminate);
        await home.GoneAsync(1);
        Assert.Equal(7, home.Runtime.ExitCode(First));
    }

    /// <summary>Whether this home's sleepers of these numbers of seconds are there.</summary>
    bool Sleeping(params ReadOnlySpan<int> seconds)
    {
        var all = home.Runtime.Living().Select(p => p.Pid).ToHashSet();
        var sleepers = new HashSet<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || ProcStat.Read(pid) is not { Lives: true })
                continue;
            var buffer = new byte[200];
            var line = System.Text.Encoding.UTF8.GetString(buffer[..ProcFile.Read($"{folder}/cmdline", buffer)]);
            sleepers.Add(line.Replace('\0', ' ').Trim().Replace("/bin/", "", StringComparison.Ordinal));
        }
        foreach (var s in seconds)
        {
            if (!sleepers.Contains($"sleep {s}"))
                return false;
        }
        return true;
    }
}
