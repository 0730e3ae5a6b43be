using System.Diagnostics;
using Mintmark.Cli.Demo;
using Mintmark.Log;
using Mintmark.Tests.Log.Storage;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>Two control planes, each with a home of its own, on one log in PostgreSQL.</summary>
public sealed class WhenTheLeaderDies(SharedPostgres server) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-lead-").FullName;
    private readonly PostgresAddress address = server.NewDatabase();

    [Fact]
    public async Task TheStandbyTakesOverAndTheLogIsWhole()
    {
        var first = Plane("first");
        var second = Plane("second");
        var began = Stopwatch.GetTimestamp();
        using var leader = Up(first);
        Assert.Equal("Mintmark is up", await leader.StandardOutput.ReadLineAsync());
        var start = Stopwatch.GetElapsedTime(began);
        Copy(first.Home.Log, second.Home.Log, "key*");
        using var standby = Up(second);
        Assert.Contains("standing by", await standby.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        began = Stopwatch.GetTimestamp();
        leader.Kill();
        Assert.Equal("Mintmark is up", await standby.StandardOutput.ReadLineAsync());
        var took = Stopwatch.GetElapsedTime(began);

        var verified = await Machine.RunAsync(folder, "log", "verify", "--home", second.Home.Root);
        await Machine.RunAsync(folder, "down", "--home", second.Home.Root);
        await standby.WaitForExitAsync();
        // A machine on which a start takes long cannot do its work here any faster.
        Assert.True(took < (10 * start) + TimeSpan.FromSeconds(5), $"it took {took.TotalSeconds:0.0} s");
        Assert.True(verified.Exit == 0, verified.Out + verified.Error);
        Assert.Contains(address.Text, verified.Out, StringComparison.Ordinal);
    }

    private DemoPlane Plane(string name) => new(Path.Combine(folder, name), Machine.Program);

    private Process Up(DemoPlane plane)
    {
        string[] arguments = ["up", "--home", plane.Home.Root, "--api", $"{plane.Addresses.Api}"];
        var start = new ProcessStartInfo(Machine.Program, [.. arguments, "--gateway", $"{plane.Addresses.Gateway}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MINTMARK_LOG"] = address.Whole;
        return Process.Start(start)!;
    }

    private static void Copy(string from, string to, string files)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, files))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    public void Dispose()
    {
        // The gateway of a control plane that was killed lives on, as it should.
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Machine.CommandOf(process.Id).Contains(folder, StringComparison.Ordinal))
                    process.Kill(entireProcessTree: true);
            }
        }
        Directory.Delete(folder, recursive: true);
    }
}
