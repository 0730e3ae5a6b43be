using System.CommandLine;
using System.Diagnostics;
using Mintmark.Run;

namespace Mintmark.Cli.Demo;

/// <summary>Shows the main job on a home, ports and a repository of its own, and cleans up after itself.</summary>
internal static class DemoCommand
{
    private const double MostWarmUp = 30;

    private const UnixFileMode Passable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public static Verb Create(Frame frame)
    {
        var file = new Option<string?>("--report")
        {
            Description = "Write the outcome as JSON, too",
            HelpName = "FILE",
        };
        file.Aliases.Add("--json");
        var demo = new Verb(
            "demo",
            "Ship ten versions of a small bank, good and bad, under traffic, and see what becomes of them.",
            "mint demo",
            "mint demo --json demo.json"
        )
        {
            StandsAlone = true,
        };
        demo.Options.Add(file);
        demo.SetAction((given, ct) => RunAsync(frame.Terminal, given.GetValue(file), ct));
        return demo;
    }

    private static async Task<int> RunAsync(Terminal terminal, string? file, CancellationToken ct)
    {
        var examples = DemoRepository.Examples();
        var folder = Directory.CreateTempSubdirectory("mintmark-demo-").FullName;
        File.SetUnixFileMode(folder, Passable);
        var began = Stopwatch.GetTimestamp();
        var isKept = true;
        terminal.Out.WriteLine($"a bank with 300 clients, in {folder}");
        try
        {
            var report = await RunAsync(terminal, examples, folder, ct);
            isKept = !report.Ok;
            report.ToPage().Write(terminal);
            terminal.Out.WriteLine($"  took {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            if (file is not null)
                await File.WriteAllTextAsync(file, Shapes.ToText(report) + "\n", ct);
            return report.Ok ? Exit.Done : Exit.No;
        }
        finally
        {
            if (isKept && !ct.IsCancellationRequested)
                terminal.Out.WriteLine($"  its home and logs are kept, to be looked at and deleted: {folder}");
            else
                FolderTree.Delete(folder);
        }
    }

    private static async Task<DemoReport> RunAsync(
        Terminal terminal,
        string examples,
        string folder,
        CancellationToken ct
    )
    {
        var repository = new DemoRepository(examples, Path.Combine(folder, "bank"));
        await using var plane = new DemoPlane(folder, Environment.ProcessPath!);
        var began = Stopwatch.GetTimestamp();
        await plane.StartAsync(ct);
        var warmUp = WarmUp(Stopwatch.GetElapsedTime(began));
        repository.Begin(warmUp);
        if (warmUp > DemoRepository.QuickWarmUp)
            terminal.Out.WriteLine(
                $"  a slow machine just now: a new version has {warmUp.TotalSeconds:0} s to warm up"
            );
        await using var traffic = new Traffic(plane.Addresses.Gateway);
        var report = await new DemoRun(terminal, plane, repository, traffic, new DemoTeam(plane, folder)).RunAsync(ct);
        return report with { Ok = report.Log.Verified && report.Steps.All(s => s.AsExpected) };
    }

    /// <summary>The slower a control plane starts here, the longer the first answers of any program are slow.</summary>
    internal static TimeSpan WarmUp(TimeSpan start) =>
        TimeSpan.FromSeconds(
            Math.Clamp(Math.Ceiling(4 * start.TotalSeconds), DemoRepository.QuickWarmUp.TotalSeconds, MostWarmUp)
        );
}
