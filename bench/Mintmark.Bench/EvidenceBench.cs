using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>Advisories loaded and matched, and a bill of materials of a large project.</summary>
internal static class EvidenceBench
{
    private const int Advisories = 100_000;
    private const int Components = 2_000;
    private const int Packages = 500;

    public static IReadOnlyList<Figure> Run()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        try
        {
            var zip = Path.Combine(folder, "advisories.zip");
            WriteAdvisories(zip);
            var before = Environment.CpuUsage.TotalTime;
            var (load, snapshot) = Timed(() => AdvisorySnapshot.Load(zip));
            var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            string[] purls = [.. Enumerable.Range(0, Components).Select(i => $"pkg:npm/package-{i * 7}@1.{i % 50}.0")];
            var (match, found) = Timed(() => purls.Sum(p => snapshot.Find(p).Count()));
            if (snapshot.Advisories != Advisories || found == 0)
                throw new CannotMeasureException($"{snapshot.Advisories} advisories were read and {found} found");
            var (bill, _) = Timed(() => WriteBill(folder));
            return
            [
                Figure.AtMost($"loading {Advisories:N0} advisories from a zip file", load, "s", 5),
                Figure.Reported("processor time of that", processor, "s"),
                Figure.AtMost($"matching them with {Components:N0} components", match, "s", 1),
                Figure.Reported("findings", found, ""),
                Figure.AtMost($"bill of materials of {Packages} packages", bill, "s", 3),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Seconds, T Result) Timed<T>(Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var result = work();
        return (clock.Elapsed.TotalSeconds, result);
    }

    /// <summary>Ten thousand packages with ten advisories each, of the length that real ones have.</summary>
    private static void WriteAdvisories(string path)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        var details = new string('x', 800);
        for (var i = 0; i < Advisories; i++)
        {
            using var entry = zip.CreateEntry($"A-{i}.json", CompressionLevel.Fastest).Open();
            entry.Write(
                Encoding.UTF8.GetBytes(
                    $$"""
                    {"schema_version":"1.6.0","id":"A-{{i}}","aliases":["CVE-{{i}}"],"modified":"2025-01-01T00:00:00Z",
                    "published":"2024-01-01T00:00:00Z","summary":"a summary","details":"{{details}}",
                    "affected":[{"package":{"ecosystem":"npm","name":"package-{{i / 10}}"},
                    "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.{{i % 100}}.0"}]}]}]}
                    """
                )
            );
        }
    }

    private static int WriteBill(string folder)
    {
        var path = Path.Combine(folder, "package-lock.json");
        var integrity = $"sha512-{Convert.ToBase64String(new byte[64])}";
        var packages = new JsonObject { [""] = new JsonObject() };
        for (var i = 0; i < Packages; i++)
            packages[$"node_modules/p{i}"] = new JsonObject
            {
                ["version"] = $"1.0.{i}",
                ["integrity"] = integrity,
                ["dependencies"] = new JsonObject { [$"p{i / 2}"] = "*" },
            };
        var lockFile = new JsonObject { ["lockfileVersion"] = 3, ["packages"] = packages };
        File.WriteAllText(path, lockFile.ToJsonString());
        var file = new BuiltFile("package-lock.json", path, new FileInfo(path).Length);
        return Sbom.Write(SampleLog.Built, MaterialsFolder.Read([file])).Length;
    }
}
