using System.Text;
using Mintmark.Evidence;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenSupportEnds
{
    private const string Table = """
        # a comment
        product,match,cycle,ended
        Node.js,tool:node,18,2025-04-30
        Node.js,tool:node,20,2026-04-30
        Debian,os:debian,10,2024-06-30
        React,pkg:npm/react,16,2024-12-05
        React,pkg:npm/react,16.14,2027-01-01
        PostgreSQL,pkg:deb/*/postgresql-*,13,2025-11-13
        """;

    [Theory]
    [InlineData("tool:node", "18.20.4", "Node.js 18 since 2025-04-30")]
    [InlineData("tool:node", "20.1.0", null)]
    [InlineData("tool:node", "180.1.0", null)]
    [InlineData("tool:nodejs", "18.1.0", null)]
    [InlineData("os:debian", "10", "Debian 10 since 2024-06-30")]
    [InlineData("pkg:npm/react", "16.2.0", "React 16 since 2024-12-05")]
    [InlineData("pkg:npm/react", "16.14.1", null)]
    [InlineData("pkg:npm/react-dom", "16.2.0", null)]
    [InlineData("pkg:deb/debian/postgresql-13", "1:13.5-0+deb11u1", "PostgreSQL 13 since 2025-11-13")]
    public void ItIsNamedWithItsCycleAndDate(string what, string version, string? told)
    {
        var past = Read(Table).Past([new SupportedPart(what, version)], new DateOnly(2026, 3, 2));

        Assert.Equal(told, past.Count == 0 ? null : past.Single().ToString());
    }

    [Fact]
    public void OnItsLastDayItIsStillSupported()
    {
        SupportedPart[] node = [new("tool:node", "18.0.0")];

        Assert.Empty(Read(Table).Past(node, new DateOnly(2025, 4, 30)));
        Assert.Single(Read(Table).Past(node, new DateOnly(2025, 5, 1)));
    }

    [Fact]
    public void TheTableThatComesAlongKnowsWhatServicesAreMadeOf()
    {
        var past = SupportTable.Shipped.Past(
            [
                SupportedPart.Of(new Tool("dotnet", "6.0.428")),
                SupportedPart.Of(new Tool("python", "3.8.10")),
                SupportedPart.OfSystem("debian", "9"),
                SupportedPart.OfPurl("pkg:pypi/django@3.2.25")!,
                SupportedPart.OfPurl("pkg:deb/debian/postgresql-11@11.22-0?arch=amd64")!,
            ],
            new DateOnly(2026, 3, 2)
        );

        Assert.Equal(["Debian", "PostgreSQL", "Django", "Python", ".NET"], past.Select(p => p.Product));
    }

    [Fact]
    public void TheHomesOwnTableTakesItsPlace()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-support-").FullName;
        var place = new SupportPlace(Path.Combine(folder, SupportTable.FileName));
        Assert.Same(SupportTable.Shipped, place.Table());

        File.WriteAllText(Path.Combine(folder, SupportTable.FileName), Table);

        Assert.NotEqual(SupportTable.Shipped.Digest, place.Table().Digest);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("a,tool:b,1", "line 1: it has 3 fields; accepted: product,match,cycle,ended")]
    [InlineData(
        "# x\na,b,1,2025-01-01",
        "line 2: accepted: a product, then tool:NAME, os:ID or a package URL without version"
    )]
    [InlineData("a,tool:b,1,01.01.2025", "line 1: accepted: an end such as 2026-11-10")]
    [InlineData("a,tool:b,1,\"2025", "line 1: a quote is not closed")]
    public void ADamagedTableIsNamedWithThePlace(string text, string complaint) =>
        Assert.Equal($"support.csv, {complaint}", Assert.Throws<MaterialsException>(() => Read(text)).Message);

    [Fact]
    public void TheSystemOfABaseImageIsInTheBill()
    {
        var materials = Made.Of(
            ("$OUT/var/lib/dpkg/status", "Package: a\nVersion: 1\nStatus: install ok installed\n"),
            ("$OUT/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        );
        var bill = Bill.Read("b", Encoding.UTF8.GetBytes(Made.Sbom(materials)));

        Assert.Equal(("debian", "12"), Assert.Single(bill.Systems));
        Assert.Equal("os:debian", bill.Parts().First().What);
        Assert.Single(bill.Purls);
    }

    private static SupportTable Read(string text) =>
        SupportTable.Read(SupportTable.FileName, Encoding.UTF8.GetBytes(text));
}
