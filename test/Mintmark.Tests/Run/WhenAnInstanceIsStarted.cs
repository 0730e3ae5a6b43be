using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnInstanceIsStarted : IDisposable
{
    readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task ItInheritsNothingButWhatIsListed()
    {
        Environment.SetEnvironmentVariable("SECRET_OF_THE_CONTROL_PLANE", "hunter2");
        home.Start("env; echo done");
        await home.SaysAsync(1, "done");
        var names = home.Output(1).Split('\n').Where(l => l.Contains('=')).Select(l => l.Split('=')[0]).Order();
        string[] listed =
        [
            "DOTNET_CLI_TELEMETRY_OPTOUT",
            "DOTNET_GCHeapHardLimit",
            "DOTNET_NOLOGO",
            "HOME",
            "LANG",
            "MINTMARK",
            "MINTMARK_DATA",
            "MINTMARK_INSTANCE",
            "OTEL_RESOURCE_ATTRIBUTES",
            "OTEL_SERVICE_NAME",
            "PATH",
            "PORT",
            "TMPDIR",
        ];
        Assert.Equal(listed, names.Where(n => n is not ("PWD" or "_" or "SHLVL" or "OLDPWD")));
    }

    [Fact]
    public async Task ItKnowsItsPortAndItsMark()
    {
        home.Start("echo $PORT $MINTMARK $MINTMARK_INSTANCE");
        await home.SaysAsync(1, $"{home.FirstPort} bank-1 {home.Id}/i-1");
    }

    [Fact]
    public async Task ItsTelemetryNamesTheMark()
    {
        home.Start("echo $OTEL_SERVICE_NAME $OTEL_RESOURCE_ATTRIBUTES");
        await home.SaysAsync(1, "bank service.version=bank-1,service.instance.id=i-1");
    }

    [Fact]
    public async Task ItStartsInItsArtifactAndCannotWriteThere()
    {
        home.Serve("hello.txt", "hello from the artifact");
        home.Seal();
        home.Start(
            "cat hello.txt; touch here 2>/dev/null || echo read-only; "
                + "touch $HOME/a $TMPDIR/b $MINTMARK_DATA/c && echo wrote"
        );
        await home.SaysAsync(1, "wrote");
        Assert.Contains("hello from the artifact", home.Output(1), StringComparison.Ordinal);
        Assert.Contains("read-only", home.Output(1), StringComparison.Ordinal);
        Assert.DoesNotContain("denied", home.Output(1), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home.Data, "c")));
    }

    [Fact]
    public async Task ItHasASessionOfItsOwn()
    {
        var process = home.Start("sleep 100");
        await Eventually.HoldsAsync(() => ProcStat.Read(process.Pid)?.Session == process.Pid, "it leads a session");
    }

    [Fact]
    public async Task ItsOpenFilesAndCoreDumpsAreLimited()
    {
        home.Start("echo files $(ulimit -n) core $(ulimit -c)");
        await home.SaysAsync(1, "files 512 core 0");
    }

    [Fact]
    public async Task ItHasNoPowersAndUnderRootAUserOfItsService()
    {
        const string who =
            "echo user $(id -u) groups $(id -G); grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; echo done";
        home.Start(who, 1);
        home.Start(who, 2);
        home.Start(who, 3, "ledger");
        foreach (var i in (int[])[1, 2, 3])
            await home.SaysAsync(i, "done");
        var bank = home.Output(1).Split('\n')[0];
        Assert.Equal(bank, home.Output(2).Split('\n')[0]);
        Assert.Contains("CapEff:\t0000000000000000", home.Output(1), StringComparison.Ordinal);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Matches("^user 6[1-5][0-9]{3} groups 6[1-5][0-9]{3}$", bank);
            Assert.NotEqual(bank, home.Output(3).Split('\n')[0]);
            Assert.Contains("CapBnd:\t0000000000000000", home.Output(1), StringComparison.Ordinal);
            Assert.Contains("NoNewPrivs:\t1", home.Output(1), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(bank, home.Output(3).Split('\n')[0]);
        }
    }

    [Fact]
    public async Task InTheSandboxItSeesNeitherTheLogNorOthers()
    {
        Directory.CreateDirectory(home.In("log"));
        File.WriteAllText(home.In("log/log.db"), "the log");
        File.WriteAllText(home.In("token"), "the token");
        home.Start("sleep 100", 2);
        home.Start(
            $"ls {home.In("log")} {home.In("token")} {home.In("instances/i-2")} /root /home 2>&1 | grep -v cannot; "
                + $"echo see $(ls {home.Path}) and $(ls /proc | grep -c '^[0-9]') processes; echo done"
        );
        await home.SaysAsync(1, "done");
        if (home.Runtime.Warning is { } warning)
            Assert.Contains("see this machine's file system", warning, StringComparison.Ordinal);
        else
            Assert.Matches("^see data instances versions and [3-6] processes", home.Output(1));
    }

    [Fact]
    public async Task WithoutTheSandboxItRunsAsWellAndAWarningSaysSo()
    {
        using var open = new ProcessRuntime(home.Options with { Sandboxed = false }, TimeProvider.System);
        Assert.Contains("file system", open.Warning, StringComparison.Ordinal);
        var plan = new LaunchPlan(
            new InstanceId(1),
            new Mark(TestHome.Bank, 1),
            20_001,
            home.Artifact,
            new RunPlan(
                "touch $MINTMARK_DATA/c $HOME/a $TMPDIR/b && echo wrote; cat ../../token || echo hidden",
                64 << 20,
                64
            )
        );
        File.WriteAllText(home.In("token"), "the token");
        File.SetUnixFileMode(home.In("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        open.Start(plan);
        await home.SaysAsync(1, "wrote");
        if (Environment.IsPrivilegedProcess)
            await home.SaysAsync(1, "hidden");
    }

    [Fact]
    public void AProgramThatIsMissingIsALaunchThatFails()
    {
        Directory.Delete(home.Artifact);
        Assert.Throws<LaunchException>(() => home.Start("true"));
    }
}
