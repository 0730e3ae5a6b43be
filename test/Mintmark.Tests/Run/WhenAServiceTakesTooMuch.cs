using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAServiceTakesTooMuch : IDisposable
{
    readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task ItsOutputIsCutAndTheLastPartKept()
    {
        home.Start("i=0; while :; do i=$((i+1)); echo line $i of a flood of words that nobody will ever read; done");
        var folder = home.In("instances/i-1");
        var kept = Path.Combine(folder, "output.log.1");
        await Eventually.HoldsAsync(
            () =>
            {
                home.Runtime.CapOutput(new InstanceId(1));
                return File.Exists(kept);
            },
            "the output is cut"
        );
        var output = Path.Combine(folder, "output.log");
        var before = new FileInfo(output).Length;
        Assert.InRange(new FileInfo(kept).Length, 1, home.Options.OutputBytes);
        await Eventually.HoldsAsync(() => new FileInfo(output).Length != before, "it goes on writing");
        Assert.DoesNotContain('\0', home.Output(1));
        Assert.DoesNotContain("line 1 ", home.Output(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chmod 000 /proc/self/fd/1")]
    [InlineData("flock 1")]
    public async Task ItsOutputIsCutEvenWhereItForbidsThat(string forbids)
    {
        home.Start($"{forbids}; head -c 2000000 /dev/zero; exec sleep 100");
        var output = new FileInfo(home.In("instances/i-1/output.log"));
        await Eventually.HoldsAsync(
            () =>
            {
                output.Refresh();
                return output.Exists && output.Length == 2_000_000;
            },
            "it has written"
        );
        home.Runtime.CapOutput(new InstanceId(1));
        output.Refresh();
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task WhatItLeavesBehindGoesAndItsOutputStays()
    {
        home.Start("echo last words; mkdir -p $HOME/a/b; touch $HOME/a/b/c; chmod -R a-w $HOME/a; ln -s / $HOME/root");
        await home.SaysAsync(1, "last words");
        await home.GoneAsync(1);
        home.Runtime.Clear(new InstanceId(1), new HashSet<InstanceId>());
        Assert.False(Directory.Exists(home.In("instances/i-1/work")));
        Assert.Contains("last words", home.Output(1), StringComparison.Ordinal);
        Assert.True(Directory.Exists("/usr"));
    }

    [Fact]
    public async Task OnlyTheLastOutputsOfOneThatCrashesAllDayAreKept()
    {
        for (var i = 1; i <= 23; i++)
        {
            home.Start("true", i);
            await home.GoneAsync(i);
        }
        home.Start("exec sleep 100", 24);
        home.Runtime.Clear(new InstanceId(23), new HashSet<InstanceId> { new(1), new(24) });
        var kept = Directory.GetDirectories(home.In("instances")).Select(f => Path.GetFileName(f)!).ToHashSet();
        Assert.Equal([1, .. Enumerable.Range(4, 21)], kept.Select(InstanceId.Parse).Select(i => i.Number).Order());
    }

    [Fact]
    public async Task NoProcessGetsFarAboveTheMemoryLimit()
    {
        home.Start(
            "perl -e 'print \"got it\\n\" if $x = \"a\" x (1 << 30)'; echo perl ended with $?",
            memory: 64 << 20
        );
        await home.SaysAsync(1, "perl ended with 1");
        Assert.DoesNotContain("got it", home.Output(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheMemoryOfAllItsProcessesCounts()
    {
        const string eat = "perl -e '$x = \"a\" x (40 << 20); print \"full\\n\"; sleep 100'";
        home.Start($"{eat} & {eat} & wait");
        await Eventually.HoldsAsync(() => home.Of(1).Sum(p => p.MemoryBytes) > 80 << 20, "both count");
        Assert.InRange(home.Of(1).Sum(p => p.MemoryBytes), 80 << 20, 200 << 20);
    }
}
