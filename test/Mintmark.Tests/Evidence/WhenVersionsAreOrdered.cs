using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Evidence;

/// <summary>Each ecosystem's own examples of its order, lowest first; equal ones on one line.</summary>
public sealed class WhenVersionsAreOrdered
{
    private static readonly string[] Npm =
    [
        "0.0.1-0",
        "0.9.9",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0 1.0.0+build v1.0.0",
        "1.0.1",
        "1.2.0",
        "1.10.0",
        "2.0.0-1",
        "2.0.0-Z",
        "2.0.0-a",
        "2.0.0",
        "18446744073709551617.0.0",
    ];

    private static readonly string[] Nuget =
    [
        "1.0-alpha 1.0.0-ALPHA",
        "1.0.0-alpha.2",
        "1.0.0-alpha.10",
        "1.0.0-beta 1.0.0-Beta+meta",
        "1 1.0 1.0.0 1.0.0.0",
        "1.0.0.1",
        "1.0.1",
        "1.10",
        "4.7.2",
        "10.0.0-preview.1",
        "10.0.0-rc.1",
        "10.0.0",
    ];

    private static readonly string[] Pypi =
    [
        "not a version",
        "1.dev0 1.0.dev0",
        "1.0.dev456",
        "1.0a1 1.0-alpha1",
        "1.0a2.dev456",
        "1.0a12.dev456",
        "1.0a12",
        "1.0b1.dev456",
        "1.0b2 1.0.beta.2",
        "1.0b2.post345.dev456",
        "1.0b2.post345",
        "1.0rc1.dev456",
        "1.0rc1 1.0c1 1.0-preview1",
        "1.0 1 1.0.0 v1.0",
        "1.0+abc.5",
        "1.0+abc.7",
        "1.0+5",
        "1.0.post456.dev34",
        "1.0.post456 1.0-456",
        "1.1.dev1",
        "1.10",
        "2024.1",
        "1!0.1",
    ];

    private static readonly string[] Debian =
    [
        "0.9~~",
        "0.9~~a",
        "0.9~",
        "0.9 0.9- 0:0.9 00.9",
        "0.9a",
        "0.9+dfsg",
        "1.0~rc1-1",
        "1.0-1",
        "1.0-1+b1",
        "1.0-1+deb13u1",
        "1.0-1.1",
        "1.0-9",
        "1.0-10",
        "1.0a-1",
        "1.0.1-1",
        "2.41-12",
        "1:0.1",
    ];

    public static TheoryData<string, string[]> Tables() =>
        new()
        {
            { "npm", Npm },
            { "NuGet", Nuget },
            { "PyPI", Pypi },
            { "Debian", Debian },
        };

    [Theory]
    [MemberData(nameof(Tables))]
    public void EachIsAboveTheOnesBeforeAndNoOthers(string ecosystem, string[] table)
    {
        var order = VersionOrder.Of(ecosystem)!;
        for (var i = 0; i < table.Length; i++)
        for (var j = 0; j < table.Length; j++)
            foreach (var a in Words(table[i]))
            foreach (var b in Words(table[j]))
                Assert.True(Math.Sign(order(a, b)) == i.CompareTo(j), $"{ecosystem}: {a} against {b}: {order(a, b)}");
    }

    [Fact]
    public void NothingElseIsOrdered() => Assert.Null(VersionOrder.Of("crates.io"));

    private static string[] Words(string line) => line == "not a version" ? [line] : line.Split(' ');
}
