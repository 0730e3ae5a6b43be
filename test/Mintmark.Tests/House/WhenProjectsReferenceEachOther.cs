using System.Xml.Linq;
using Xunit;

namespace Mintmark.Tests.House;

/// <summary>The first rule of the house: capabilities meet through events, only hosts compose.</summary>
public sealed class WhenProjectsReferenceEachOther
{
    private static readonly string[] Hosts = ["Gateway", "Server", "Cli"];
    private static readonly string[] Capabilities = ["Build", "Evidence", "Gate", "Ship", "Run", "Route", "Watch"];

    [Fact]
    public void ReleasesReferenceNothing() => Assert.Empty(ReferencesOf("Releases"));

    [Fact]
    public void WhatReadsDeclarationsReferencesNothing() => Assert.Empty(ReferencesOf("Yaml"));

    [Fact]
    public void TheLogKnowsNothingOfReleases() => Assert.Empty(ReferencesOf("Log"));

    [Fact]
    public void TheJournalJoinsTheTwo() => Assert.Equal(["Log", "Releases"], ReferencesOf("Journal"));

    [Fact]
    public void ACapabilityReferencesTheFloorOnly() =>
        Assert.All(Capabilities, name => Assert.Empty(ReferencesOf(name).Except(["Yaml", "Journal", "Releases"])));

    [Fact]
    public void EveryProjectHasItsPlaceInThisGraph() =>
        Assert.Equal(
            [.. Hosts.Concat(Capabilities).Concat(["Yaml", "Journal", "Log", "Releases"]).Order()],
            Checkout.Projects.Where(p => p.StartsWith("src/", StringComparison.Ordinal)).Select(Name).Order()
        );

    [Fact]
    public void OnlyHostsTestsAndBenchesSeeTheAmbientWorld() =>
        Assert.DoesNotContain(
            Checkout.Projects,
            p =>
                p.StartsWith("src/", StringComparison.Ordinal)
                && !Hosts.Contains(Name(p))
                && Checkout.Text(p).Contains("AmbientWorldAllowed", StringComparison.Ordinal)
        );

    [Fact]
    public void TheSolutionHoldsEveryProject()
    {
        var listed = XDocument.Load(Checkout.In("Mintmark.slnx")).Descendants("Project");
        Assert.Equal(Checkout.Projects.Order(), listed.Select(p => p.Attribute("Path")!.Value).Order());
    }

    [Fact]
    public void AProjectFileHoldsReferencesAndWhatKindOfProgramItIs()
    {
        string[] allowed =
        [
            "PropertyGroup/OutputType",
            "PropertyGroup/AssemblyName",
            "PropertyGroup/AmbientWorldAllowed",
            // The gateway hands memory to the kernel.
            "PropertyGroup/AllowUnsafeBlocks",
            "PropertyGroup/ServerGarbageCollector",
            "PropertyGroup/ConcurrentGarbageCollection",
            "PropertyGroup/TieredPGO",
            "PropertyGroup/UseMicrosoftTestingPlatformRunner",
            "PropertyGroup/TestingPlatformDotnetTestSupport",
            "ItemGroup/ProjectReference",
            "ItemGroup/PackageReference",
            "ItemGroup/FrameworkReference",
            "ItemGroup/EmbeddedResource",
        ];
        foreach (var project in Checkout.Projects)
        {
            var groups = XDocument.Load(Checkout.In(project)).Root!.Elements();
            var held = groups.SelectMany(g => g.Elements().Select(e => $"{g.Name.LocalName}/{e.Name.LocalName}"));
            Assert.Empty(held.Except(allowed).Select(what => $"{project}: {what}"));
        }
    }

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project)["Mintmark.".Length..];

    private static IEnumerable<string> ReferencesOf(string name) =>
        XDocument
            .Load(Checkout.In($"src/Mintmark.{name}/Mintmark.{name}.csproj"))
            .Descendants("ProjectReference")
            .Select(r => Name(r.Attribute("Include")!.Value))
            .Order();
}
