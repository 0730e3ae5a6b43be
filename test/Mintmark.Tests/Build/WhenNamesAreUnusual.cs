using System.Text.Json.Nodes;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenNamesAreUnusual : IDisposable
{
    private readonly BuildHome home = new();

    public WhenNamesAreUnusual()
    {
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task LongDeepAndForeignNamesSurvive()
    {
        var segment = new string('d', 60);
        var deep = string.Join('/', Enumerable.Repeat(segment, 5));
        string[] names = [$"{deep}/ü€ file", new('x', 100), new('y', 101), new('z', 250), "a b", "-dash", "new\nline"];
        var build =
            $"mkdir -p $OUT/{deep}; cd $OUT; for f in {Words(names)}; do printf %s \"$f\" > \"./$f\"; done; "
            + $"ln -s {deep}/ü€\\ file $OUT/link";

        var unpacked = await home.UnpackedAsync(BuildHome.Manifest(build));

        Assert.All(names, name => Assert.Equal(name, File.ReadAllText(Path.Combine(unpacked, name))));
        Assert.Equal($"{deep}/ü€ file", new FileInfo(Path.Combine(unpacked, "link")).LinkTarget);
    }

    [Fact]
    public async Task OtherProgramsReadTheLayerToo()
    {
        var name = new string('n', 150);
        var artifact = await home.BuiltAsync(
            BuildHome.Manifest(
                $"mkdir $OUT/bin; echo 1 > $OUT/bin/{name}; chmod +x $OUT/bin/*; ln -s bin/{name} $OUT/run"
            )
        );
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Blob(artifact.Digest)))!;

        var listed = home.Repository.Shell($"TZ=UTC tar -tvf {Blob((string)manifest["layers"]![0]!["digest"]!)}");

        Assert.Equal(
            [
                "drwxr-xr-x 0/0 0 2026-01-02 03:04 bin/",
                $"-rwxr-xr-x 0/0 2 2026-01-02 03:04 bin/{name}",
                "-rw-r--r-- 0/0 174 2026-01-02 03:04 mintmark.json",
                $"lrwxrwxrwx 0/0 0 2026-01-02 03:04 run -> bin/{name}",
            ],
            listed
                .TrimEnd()
                .Split('\n')
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
    }

    private string Blob(string digest) => home.In($"oci/blobs/sha256/{digest["sha256:".Length..]}");

    private static string Words(IEnumerable<string> names) => string.Join(' ', names.Select(n => $"'{n}'"));
}
