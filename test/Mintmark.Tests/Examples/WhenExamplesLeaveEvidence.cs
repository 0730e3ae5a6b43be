using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Tests.Evidence;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>What is said of real builds; approved anew with MINTMARK_APPROVE=1.</summary>
[Collection(nameof(ShippedExamples))]
public sealed class WhenExamplesLeaveEvidence(ShippedExamples examples)
{
    public static TheoryData<string> Examples => [.. ExampleTree.Names];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task ItSaysWhatWasApproved(string example)
    {
        var shipped = await examples.ShippedAsync(example);
        var path = Checkout.In($"test/Mintmark.Tests/Examples/Golden/{example}.txt");
        var said = SaidOfABuild.Of(shipped.Evidence);

        if (Environment.GetEnvironmentVariable("MINTMARK_APPROVE") == "1")
            await File.WriteAllTextAsync(path, said, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), said);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task AllOfItHolds(string example)
    {
        var shipped = await examples.ShippedAsync(example);

        var verdict = Check(shipped.Evidence);

        Assert.Empty(verdict.Wrong);
        Assert.Equal(example, $"{verdict.Mark?.Service}");
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task AFlippedByteInAnyFileIsFound(string example)
    {
        var shipped = await examples.ShippedAsync(example);
        var files = Directory.GetFiles(shipped.Evidence).Where(file => !IsKey(file)).ToList();
        Assert.InRange(files.Count, 14, 40);

        var missed = files.SelectMany(file => Missed(shipped.Evidence, file)).ToList();

        Assert.Empty(missed);
        Assert.Empty(Check(shipped.Evidence).Wrong);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task AStrangerAcceptsTheBillOfMaterials(string example)
    {
        var shipped = await examples.ShippedAsync(example);
        var bill = await File.ReadAllTextAsync(
            Path.Combine(shipped.Evidence, Sbom.FileName),
            TestContext.Current.CancellationToken
        );

        var (exit, output) = await Stranger.ValidateAsync(bill);

        Assert.Equal((0, "valid"), (exit, output.Trim()));
    }

    [Theory]
    [InlineData("pricer", "python")]
    [InlineData("orderdesk", "node")]
    [InlineData("bank", "dotnet")]
    public async Task WhatBuiltItIsInTheBill(string example, string tool)
    {
        var shipped = await examples.ShippedAsync(example);
        var bill = await File.ReadAllTextAsync(
            Path.Combine(shipped.Evidence, Sbom.FileName),
            TestContext.Current.CancellationToken
        );

        Assert.Contains($"\"name\": \"{tool}\"", bill, StringComparison.Ordinal);
        Assert.DoesNotContain("mintmark:not-covered", bill, StringComparison.Ordinal);
    }

    /// <summary>Changes at the beginning, in the middle and near the end that nothing complains of.</summary>
    private static IEnumerable<string> Missed(string folder, string file)
    {
        var good = File.ReadAllBytes(file);
        // The end of a proof is a signature of two: either one alone is enough.
        var end = file.EndsWith("-proof", StringComparison.Ordinal)
            ? good.AsSpan().IndexOf("\n\n\u2014"u8)
            : good.Length - 2;
        foreach (var at in new[] { good.Length / 7, good.Length / 2, end - 1 }.Where(at => at < end))
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            File.WriteAllBytes(file, bad);
            if (Check(folder).Wrong.Count == 0)
                yield return $"{Path.GetFileName(file)}, byte {at}";
        }
        File.WriteAllBytes(file, good);
    }

    private static bool IsKey(string file) =>
        Path.GetFileName(file) is EvidenceExport.KeyName or EvidenceExport.BuilderKeyName;

    private static EvidenceVerdict Check(string folder)
    {
        using var verifier = LogVerifier.Parse(File.ReadAllText(Path.Combine(folder, EvidenceExport.KeyName)).Trim());
        return EvidenceCheck.Of(folder, verifier);
    }
}
