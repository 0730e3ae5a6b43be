using System.Text.Json.Nodes;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenABillOfMaterialsIsWritten
{
    private readonly string text = Made.Sbom(Made.Of([.. LockFiles.All, ("go.mod", "module x")]));

    private JsonNode Bom => JsonNode.Parse(text)!;

    [Fact]
    public void TheSameVersionGivesTheSameBytesInWhateverOrderFilesAreFound() =>
        Assert.Equal(text, Made.Sbom(Made.Of([("go.mod", "module x"), .. LockFiles.All.Reverse()])));

    [Fact]
    public void AnotherContentHasAnotherSerialNumber()
    {
        var other = JsonNode.Parse(Made.Sbom(Made.Of(LockFiles.Npm)))!;

        Assert.Matches("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", (string)Bom["serialNumber"]!);
        Assert.NotEqual((string)Bom["serialNumber"]!, (string)other["serialNumber"]!);
    }

    [Fact]
    public void ItIsAboutTheVersionAndItsTools()
    {
        var about = Bom["metadata"]!;

        Assert.Equal("bank-1", (string)about["component"]!["bom-ref"]!);
        Assert.Equal($"pkg:oci/bank@sha256%3A{new string('a', 64)}", (string)about["component"]!["purl"]!);
        Assert.Equal(["git", "dotnet"], about["tools"]!["components"]!.AsArray().Select(t => (string)t!["name"]!));
    }

    [Fact]
    public void WhatNobodyListedMakesItIncomplete()
    {
        var named = Bom["metadata"]!["properties"]!.AsArray().Where(p => (string)p!["name"]! == "mintmark:not-covered");

        Assert.Contains("go: go.mod", named.Select(p => (string)p!["value"]!));
        Assert.Equal("incomplete", (string)Bom["compositions"]![0]!["aggregate"]!);
        Assert.Null(JsonNode.Parse(Made.Sbom(Made.Of(LockFiles.Npm)))!["compositions"]);
    }

    [Fact]
    public void EveryDependencyIsAComponent()
    {
        var known = Bom["components"]!.AsArray().Select(c => (string)c!["bom-ref"]!).Append("bank-1").ToHashSet();
        var graph = Bom["dependencies"]!.AsArray();

        Assert.All(graph, d => Assert.Contains((string)d!["ref"]!, known));
        Assert.All(graph.SelectMany(d => d!["dependsOn"]!.AsArray()), on => Assert.Contains((string)on!, known));
    }

    [Fact]
    public void NothingOfTheMachineIsInIt() => Assert.DoesNotContain("/somewhere", text, StringComparison.Ordinal);

    [Fact]
    public async Task AStrangerFindsItValid()
    {
        var (exit, output) = await Stranger.ValidateAsync(text);

        Assert.Equal((0, "valid"), (exit, output.Trim()));
    }

    [Fact]
    public async Task TheStrangerCanSayNo()
    {
        var (exit, _) = await Stranger.ValidateAsync(
            text.Replace("\"SHA-512\"", "\"SHA-5\"", StringComparison.Ordinal)
        );

        Assert.NotEqual(0, exit);
    }
}
