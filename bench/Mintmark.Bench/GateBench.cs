using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Mintmark.Cli;
using Mintmark.Evidence;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>How long the gate takes to decide, a repository to be assessed, an artifact to be scanned.</summary>
internal static class GateBench
{
    private const int Rounds = 200;
    private const int Persons = 500;
    private const int Reviews = 1_000;
    private const int Files = 10_000;
    private const int ScannedMegabytes = 256;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        try
        {
            var decisions = Decisions(folder);
            var assessed = await AssessAsync(Path.Combine(folder, "repository"));
            var (text, program) = (Scan(Text), Scan(Program));
            return
            [
                Figure.AtMost(
                    "gate decision, policy read anew, median",
                    CoreBench.Percentile(decisions, 50),
                    "ms",
                    200
                ),
                Figure.AtMost("gate decision, policy read anew, p99", CoreBench.Percentile(decisions, 99), "ms", 200),
                Figure.AtMost($"assessment of a repository of {Files:N0} files", assessed, "s", 5),
                Figure.Reported("scan for secrets, text", text, "MB/s"),
                Figure.Reported("scan for secrets, bytes of programs", program, "MB/s"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>With many persons and reviews, and a team's file that changes each time.</summary>
    private static double[] Decisions(string folder)
    {
        var (state, release) = Crowded();
        var place = new ProfilePlace(folder);
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            File.WriteAllText(
                Path.Combine(folder, "cryptocurrency.yaml"),
                $"profile: cryptocurrency\ncontrols: {{ evidence-fresh: {{ age: {i + 60}s }} }}\n"
            );
            var began = Stopwatch.GetTimestamp();
            var now = release.RequestedAt.AddMinutes(1);
            var policy = place.PolicyOf("cryptocurrency", state, release, now);
            var results = Controls.Judge(state, release, policy, now);
            _ = policy.Digest();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (results.Count < 20)
                throw new CannotMeasureException($"the gate judged {results.Count} controls only");
        }
        Array.Sort(times);
        return times;
    }

    private static (State, Release) Crowded()
    {
        var noon = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        var state = State.Empty;
        for (var i = 0; i < Persons; i++)
            Add(
                $"p{i}",
                new Event.PersonAdded(new($"p{i}"), [Role.Engineer, Role.Approver], "sha256:0", [], "works here")
            );
        var built = SampleLog.Built;
        var manifest = built.Manifest with { Profile = "cryptocurrency" };
        Add("p0", new Event.ShipRequested(built.Release, built.Mark, built.Source, manifest, "why"));
        var version = new Event.VersionBuilt(built.Release, built.Artifact with { BuiltAt = noon });
        Add("mintmark/build", version);
        for (var i = 0; i < Reviews; i++)
            Add($"p{i % Persons}", new Event.CommitReviewed(built.Mark.Service, built.Source.Commit, "read it"));
        for (var i = 1; i < Persons; i++)
            Add($"p{i}", new Event.ReleaseApproved(built.Release, built.Artifact.Digest, "fine"));
        Add("p0", new Event.ControlsEnforced(built.Mark.Service, [.. Catalogue.Shipped.Controls.Keys], "now"));
        return (state, state.Releases[built.Release]);

        void Add(string by, Event what) => state = Fold.Apply(state, new Entry(noon, new(by), what));
    }

    private static async Task<double> AssessAsync(string folder)
    {
        Write(folder);
        var began = Stopwatch.GetTimestamp();
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var terminal = Terminal.OfProcess() with { Out = output, Folder = folder };
        var status = await CommandLine.RunAsync(["assess", ".", "--home", folder + "-home"], terminal, default);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return status == 0 && output.ToString().Contains("10,000 tracked files", StringComparison.Ordinal)
            ? seconds
            : throw new CannotMeasureException($"mint assess ended with {status}: {output}");
    }

    /// <summary>A hundred folders of a hundred files of source code, some 4 KB each.</summary>
    private static void Write(string folder)
    {
        for (var i = 0; i < Files; i++)
        {
            var path = Path.Combine(folder, $"module{i / 100}", $"File{i % 100}.cs");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Text(4 * 1024, i));
        }
        foreach (
            var arguments in (string[])
                ["init -q", "add -A", "-c user.name=B -c user.email=b@b.invalid commit -qm first"]
        )
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
            git.WaitForExit();
        }
    }

    private static double Scan(Func<int, int, byte[]> content)
    {
        var path = Path.GetTempFileName();
        using (var file = File.OpenWrite(path))
            for (var i = 0; i < ScannedMegabytes; i++)
                file.Write(content(1 << 20, i));
        var scan = new SecretScan();
        var began = Stopwatch.GetTimestamp();
        scan.Read("file.txt", path);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        File.Delete(path);
        return ScannedMegabytes / seconds;
    }

    private static byte[] Text(int length, int seed)
    {
        var lines = new System.Text.StringBuilder(length + 100);
        for (var i = 0; lines.Length < length; i++)
            lines.Append(
                CultureInfo.InvariantCulture,
                $"    var total{i} = ledger.Sum(account => account.Of({seed}));\n"
            );
        return System.Text.Encoding.ASCII.GetBytes(lines.ToString(0, length));
    }

    private static byte[] Program(int length, int seed)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        bytes[seed % length] = 0;
        bytes[0] = 0;
        return bytes;
    }
}
