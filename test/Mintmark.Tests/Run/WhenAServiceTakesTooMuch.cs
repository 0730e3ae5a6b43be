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
        var before = new FileInfo(Path.Combine(folder, "output.log")).Length;
        Assert.InRange(new FileInfo(kept).Length, 1, home.Options.OutputBytes);
        await Eventually.HoldsAsync(
            () => new FileInfo(Path.Combine(folder, "output.log")).Length != before,
            "it goes on writing"
        );
        Assert.DoesNotContain('\0', home.Output(1));
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
