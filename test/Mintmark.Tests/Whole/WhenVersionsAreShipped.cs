using System.Globalization;
using System.Text.Json;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>
/// The whole of it: real commits, builds, processes and requests. Each test has a service of its own on one machine.
/// </summary>
public sealed class WhenVersionsAreShipped(Machine machine) : IClassFixture<Machine>
{
    [Fact]
    public async Task AGoodOneIsPromotedAndNobodyNotices()
    {
        using var service = new Quotes("good");
        await ServingAsync(service, "one");
        await using var callers = machine.CallersOf(service.Name);

        service.Commit("two");
        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 0, $"{shipped}");
        var heard = callers.Take();
        Assert.All(heard, answer => Assert.True(answer.Status == 200, $"{answer}"));
        Assert.Equal(["good-1", "good-2"], heard.Select(answer => answer.Mark!).Distinct().Order());
        Assert.All(heard, answer => Assert.Equal(answer.Mark, answer.Body.Split(' ')[^1].Trim()));
        Assert.Equal("good-2", await ServedAsync(service, callers));
    }

    [Fact]
    public async Task OneThatFailsIsTakenBack()
    {
        using var service = new Quotes("bad");
        await ServingAsync(service, "one");
        await using var callers = machine.CallersOf(service.Name);

        service.Commit("two", failEvery: 3);
        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 1, $"{shipped}");
        Assert.Contains("worse", shipped.Out, StringComparison.Ordinal);
        var failed = callers.Take().Where(answer => answer.Status != 200).ToList();
        Assert.All(failed, answer => Assert.Equal(("bad-2", 500), (answer.Mark, answer.Status)));
        Assert.InRange(failed.Count, 1, 40);
        Assert.Equal("bad-1", await ServedAsync(service, callers));
    }

    [Fact]
    public async Task OneWhoseTestsFailNeverRuns()
    {
        using var service = new Quotes("untested");
        service.Commit("one");
        service.CommitWith("full.txt", "<failure message='no'/>");
        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 1, $"{shipped}");
        Assert.Contains("full-suite-passed", shipped.Out + shipped.Error, StringComparison.Ordinal);
        var trace = await machine.MintAsync(service.Folder, "trace", "untested-1");
        Assert.DoesNotContain("instances", trace.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatDoesNotBuildSaysWhy()
    {
        using var service = new Quotes("unbuilt");
        service.Commit("one");
        service.CommitWith("serve.pl", "");
        File.Delete(Path.Combine(service.Folder, "serve.pl"));
        service.CommitWith("gone.txt", "serve.pl");

        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 1, $"{shipped}");
        Assert.Contains("cannot stat 'serve.pl'", shipped.Out + shipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKilledControlPlaneFinishesWhatItBegan()
    {
        using var service = new Quotes("killed");
        await ServingAsync(service, "one");
        await using var callers = machine.CallersOf(service.Name);
        service.Commit("two");
        var asked = await machine.MintAsync(service.Folder, "ship", "--detach", "--json");
        var release = JsonDocument.Parse(asked.Out).RootElement.GetProperty("release").GetString()!;
        await Eventually.HoldsAsync(
            () => callers.Take().Any(answer => answer.Mark == "killed-2"),
            "the candidate gets requests"
        );

        await machine.Plane.KillAsync(TestContext.Current.CancellationToken);
        callers.Take();
        await Eventually.HoldsAsync(() => callers.Take().Count > 0, "the gateway serves on");
        await machine.Plane.StartAsync(TestContext.Current.CancellationToken);
        var watched = await machine.MintAsync(service.Folder, "show", release, "--watch");

        Assert.True(watched.Exit == 0, $"{watched}");
        Assert.All(callers.Take(), answer => Assert.True(answer.Status == 200, $"{answer}"));
        Assert.Equal("killed-2", await ServedAsync(service, callers));
    }

    [Fact]
    public async Task AHaltStopsEveryRequestAndARollbackGoesBack()
    {
        using var service = new Quotes("held");
        await ServingAsync(service, "one");
        await using var callers = machine.CallersOf(service.Name);
        service.Commit("two");
        Assert.Equal(0, (await machine.ShipAsync(service)).Exit);

        Assert.Equal(0, (await machine.HaltAsync(service.Folder, "held", "--reason", "a drill")).Exit);
        callers.Take();
        await Eventually.HoldsAsync(() => callers.Take().Any(a => a.Body.Contains("a drill")), "the reason is told");
        Assert.All(callers.Take(), answer => Assert.Equal(503, answer.Status));
        await machine.MintAsync(service.Folder, "resume", "held", "--reason", "it is over");
        await Eventually.HoldsAsync(() => callers.Take().Any(answer => answer.Status == 200), "it serves again");
        Assert.Equal("held-2", await ServedAsync(service, callers));

        var back = await machine.MintAsync(service.Folder, "rollback", "held", "--reason", "people ask for one");
        Assert.True(back.Exit == 0, $"{back}");
        Assert.Equal("held-1", await ServedAsync(service, callers));
    }

    [Fact]
    public async Task TheLogProvesItAndOneFlippedByteIsFound()
    {
        var export = Path.Combine(machine.Folder, "export");

        Assert.Equal(0, (await machine.MintAsync(machine.Folder, "log", "verify")).Exit);
        Assert.Equal(0, (await machine.MintAsync(machine.Folder, "log", "export", export)).Exit);
        Assert.Equal(0, (await Machine.RunAsync(machine.Folder, "log", "verify", export)).Exit);
        var bundle = Directory.GetFiles(Path.Combine(export, "tile", "entries"), "*", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(bundle, bytes, TestContext.Current.CancellationToken);
        var verified = await Machine.RunAsync(machine.Folder, "log", "verify", export);

        Assert.True(verified.Exit == 1, $"{verified}");
        Assert.Contains("entry", verified.Out + verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASecondControlPlaneOnTheSameHomeIsRefused()
    {
        var home = machine.Plane.Home.Root;
        var second = await Machine.RunAsync(machine.Folder, "up", "--home", home, "--api", "127.0.0.1:7499");
        Assert.True(second.Exit == 3, $"{second}");
        Assert.Contains(home, second.Error, StringComparison.Ordinal);
    }

    async Task ServingAsync(Quotes service, string word)
    {
        service.Commit(word);
        var shipped = await machine.ShipAsync(service);
        Assert.True(shipped.Exit == 0, $"{shipped}");
    }

    /// <summary>The only version in the next answers.</summary>
    static async Task<string> ServedAsync(Quotes service, Callers callers)
    {
        callers.Take();
        List<Heard> heard = [];
        await Eventually.HoldsAsync(
            () =>
            {
                heard.AddRange(callers.Take());
                return heard.Count > 50;
            },
            string.Create(CultureInfo.InvariantCulture, $"{service.Name} answers")
        );
        return Assert.Single(heard.Skip(10).Select(answer => answer.Mark!).Distinct());
    }
}
