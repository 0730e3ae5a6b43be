using Mintmark.Tests.Cli;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A right to erasure against a log that never changes.</summary>
public sealed class WhenAnAuthorIsErased(Machine machine) : IClassFixture<Machine>
{
    /// <summary>Of every commit of a test's repository.</summary>
    private const string Author = "alice@example.com";

    [Fact]
    public async Task WhoWroteItCanBeErasedAndTheLogStaysAsItIs()
    {
        using var service = new Quotes("forgotten");
        service.Commit("one");
        service.CommitWith("full.txt", "<failure message='no'/>");
        await machine.ShipAsync(service);
        await machine.ShipAsync(service);
        Task<Said> Trace() => machine.MintAsync(service.Folder, "trace", "forgotten-2");
        Assert.Contains(Author, (await Trace()).Out, StringComparison.Ordinal);
        Assert.Equal(2, KeptOf(Author));

        var erased = await machine.MintAsync(service.Folder, "log", "erase", "forgotten-1", "--reason", "asked for");

        Assert.True(erased.Exit == 0, $"{erased}");
        Assert.Contains("erased", (await Trace()).Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Author, (await Trace()).Out, StringComparison.Ordinal);
        Assert.Equal(0, KeptOf(Author));
        var export = Path.Combine(machine.Folder, "export");
        await machine.MintAsync(service.Folder, "log", "export", export);
        var verified = await machine.MintAsync(service.Folder, "log", "verify", export);
        Assert.True(verified.Exit == 0, $"{verified}");
        foreach (var file in Directory.EnumerateFiles(export, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Author, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    private int KeptOf(string author) =>
        Directory
            .EnumerateFiles(machine.Plane.Home.Authors)
            .Count(file => File.ReadAllText(file).Contains(author, StringComparison.Ordinal));
}
