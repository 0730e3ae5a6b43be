using System.Text;
using Microsoft.AspNetCore.Builder;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenACommitIsShipped
{
    [Fact]
    public async Task WhatCannotBeShippedIsRefusedBeforeAnybodyIsAsked()
    {
        using var mint = new Mint();
        var transcript = new StringBuilder();
        async Task TryAsync(params string[] arguments)
        {
            var said = await mint.RunAsync(["ship", .. arguments]);
            Assert.Equal((2, ""), (said.Exit, said.Out));
            transcript.AppendLine(said.Transcript(string.Join(' ', ["ship", .. arguments])));
        }

        await TryAsync();
        mint.Git("init", "-q", "-b", "main");
        await TryAsync();
        await mint.CommitAsync("README.md", "First");
        await TryAsync();
        await mint.CommitAsync("mint.yaml", "Declare the service");
        await TryAsync("v9");
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "README.md"), "changed");
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "new.cs"), "new");
        await TryAsync();
        Golden.Matches("ship-refused", transcript.ToString());
    }

    [Fact]
    public async Task TheControlPlaneGetsTheWholeCommitAndItsSubjectAsTheReason()
    {
        using var mint = new Mint();
        await RepositoryAsync(mint);
        var head = mint.Git("rev-parse", "HEAD");
        var asked = new List<ShipRequest>();
        await using var api = await ApiAsync(mint, asked, new Done(new ReleaseId(12), 40, false));
        var said = await mint.With("MINTMARK_BY", "alice").RunAsync("ship", "--detach");
        await mint.RunAsync("ship", "main", "--detach", "--by", "bob", "--reason", "because");
        Assert.Equal([new(mint.Folder, head, "Second", "alice"), new(mint.Folder, head, "because", "bob")], asked);
        Assert.Equal("rel-12 is on its way; follow it with: mint show rel-12 --watch\n", said.Out);
    }

    [Fact]
    public async Task ItIsDoneWhenTheVersionServesThoughItsGuardRuns()
    {
        var story = Story.OnTheRamp();
        story
            .Judged(Verdict.GoodEnough, "1,000 requests without alarm")
            .Stepped()
            .Judged(Verdict.GoodEnough, "2,000 requests without alarm")
            .Promoted();
        using var mint = new Mint();
        await RepositoryAsync(mint);
        await using var api = await ApiAsync(mint, [], new Done(new ReleaseId(2), 40, false), story.Answer(2));
        var said = await mint.RunAsync("ship");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("ship-in-guard", said.Out);
    }

    [Fact]
    public async Task InterruptedItSaysHowToFollowAndThatTheReleaseGoesOn()
    {
        using var mint = new Mint();
        await RepositoryAsync(mint);
        using var interrupt = new CancellationTokenSource();
        await using var api = await ApiAsync(
            mint,
            [],
            new Done(new ReleaseId(2), 40, false),
            Story.OnTheRamp().Answer(2),
            askedAgain: interrupt.Cancel
        );
        var said = await mint.RunAsync(interrupt.Token, "ship");
        Assert.Equal(130, said.Exit);
        Golden.Matches("ship-interrupted", said.Error);
    }

    private static Task<CannedApi> ApiAsync(
        Mint mint,
        List<ShipRequest> ships,
        Done done,
        ReleaseAnswer? answer = null,
        Action? askedAgain = null
    )
    {
        var times = 0;
        return CannedApi.StartAsync(
            mint,
            app =>
            {
                app.MapPost(
                    "/api/ship",
                    (ShipRequest request) =>
                    {
                        ships.Add(request);
                        return done;
                    }
                );
                app.MapGet(
                    "/api/releases/{id}",
                    () =>
                    {
                        if (++times == 2)
                            askedAgain?.Invoke();
                        return answer;
                    }
                );
            }
        );
    }

    private static async Task RepositoryAsync(Mint mint)
    {
        mint.Git("init", "-q", "-b", "main");
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, ".gitignore"), "home/\n");
        await mint.CommitAsync("mint.yaml", "First");
        await mint.CommitAsync("app.cs", "Second");
    }
}
