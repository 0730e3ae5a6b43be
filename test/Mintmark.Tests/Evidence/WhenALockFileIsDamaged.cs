using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenALockFileIsDamaged
{
    [Theory]
    [InlineData("obj/project.assets.json", "{\n  \"targets\": oops", "line 2: it is no JSON, or has a property twice")]
    [InlineData("obj/project.assets.json", "[]", "as a whole: accepted: an object")]
    [InlineData("obj/project.assets.json", "{}", "as a whole: it has no libraries")]
    [InlineData(
        "obj/project.assets.json",
        """{"libraries":{},"targets":{"net10.0":{"A/1":{"type":"package"}}}}""",
        "targets.\"net10.0\".\"A/1\": libraries does not have it"
    )]
    [InlineData(
        "obj/project.assets.json",
        """{"libraries":{"A/1":{"type":"package","sha512":"AAAA"}},"targets":{"n":{"A/1":{"type":"package"}}}}""",
        "libraries.\"A/1\".sha512: accepted: a sha512 digest in base64"
    )]
    [InlineData(
        "packages.lock.json",
        """{"dependencies":{"n":{"A":{"type":"Direct"}}}}""",
        "dependencies.n.A: it has no resolved"
    )]
    [InlineData(
        "package-lock.json",
        """{"lockfileVersion":3,"packages":{"node_modules/a":{}}}""",
        "packages.\"node_modules/a\": it has no version"
    )]
    [InlineData(
        "package-lock.json",
        """{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1","integrity":"sha512-x"}}}""",
        "packages.\"node_modules/a\".integrity: accepted: a sha512 digest in base64"
    )]
    [InlineData(
        "package-lock.json",
        """{"lockfileVersion":3,"lockfileVersion":2}""",
        "as a whole: it is no JSON, or has a property twice"
    )]
    [InlineData("requirements.txt", "a==1\n==2", "line 2: accepted: NAME==VERSION with --hash=sha256:…")]
    [InlineData("requirements.txt", "a==1 --hash=sha256:abc", "line 1: accepted: --hash=sha256: and 64 digits")]
    [InlineData(
        "pip-inspect.json",
        """{"installed":[{"metadata":{"name":"a"}}]}""",
        "installed[0].metadata: it has no version"
    )]
    [InlineData(
        "$OUT/var/lib/dpkg/status",
        "Package: a\nVersion: 1\n\nPackage: b\nnonsense",
        "line 5: accepted: a field 'Name: value', each once"
    )]
    [InlineData("$OUT/var/lib/dpkg/status", "Package: a", "the entry at line 1: it has no Version")]
    public void TheErrorNamesFileAndPlace(string file, string text, string complaint)
    {
        var damaged = Assert.Throws<MaterialsException>(() => Made.Of((file, text)));

        Assert.Equal($"{file}, {complaint}", damaged.Message);
    }

    [Fact]
    public void CutOffAnywhereItIsReadOrRefusedAndNothingElse()
    {
        foreach (var (file, text) in LockFiles.All)
            for (var length = 0; length < text.Length; length += 7)
                if (Record.Exception(() => Made.Of((file, text[..length]))) is { } wrong)
                    Assert.IsType<MaterialsException>(wrong);
    }
}
