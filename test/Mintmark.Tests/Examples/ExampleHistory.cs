using System.Text.Json;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Build;
using Mintmark.Tests.Whole;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>An example in a repository of its own, whose versions are shipped one after the other.</summary>
sealed class ExampleHistory : IDisposable
{
    private readonly string name;
    private readonly Machine machine;
    private readonly CancellationToken ct;
    private readonly TestRepository repository = new();

    public ExampleHistory(string name, Machine machine, CancellationToken ct)
    {
        (this.name, this.machine, this.ct) = (name, machine, ct);
        ExampleTree.CopyTo(name, repository.Path);
        Change("\n  warm-up: 5s\n", "\n  warm-up: 0s\n");
        // No version of the desk is slow of itself, and the machine may be.
        if (name == "orderdesk")
            Change("\nrollout:\n", "\nrollout:\n  tolerated-delay: 1m\n");
        repository.Commit($"{name}: the first version");
    }

    private void Change(string from, string to)
    {
        var manifest = Path.Combine(repository.Path, "mint.yaml");
        var text = File.ReadAllText(manifest);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(manifest, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>The next version: a patch, and what its author says of it above the list of files.</summary>
    public void Apply(string patch)
    {
        var path = ExampleTree.PathOf(name, patch);
        repository.Git("apply", path);
        repository.Commit(string.Join('\n', File.ReadLines(path).TakeWhile(line => line != "---")).Trim());
    }

    /// <summary>Takes the last commit back, as one does after a rollback.</summary>
    public void Revert() => repository.Git("revert", "--no-edit", "HEAD");

    /// <summary>Ships what is committed with the program itself.</summary>
    public async Task<Release> ShipFirstAsync()
    {
        var shipped = await machine.MintAsync(repository.Path, "ship", "--wait-guard", "--json");
        Programs.RequireRegistry($"{shipped}");
        Assert.True(shipped.Exit == 0, $"{shipped}");
        var last = JsonDocument.Parse(shipped.Out.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("release");
        return await FollowAsync(ReleaseId.Parse(last.GetProperty("id").GetString()!), r => r.Phase == Phase.Ended);
    }

    /// <summary>Asks the program for a release of what is committed; the clients hurry once its version runs.</summary>
    public async Task<Release> ShipAsync(Clients clients)
    {
        clients.Hurry(now: false);
        var asked = await machine.MintAsync(repository.Path, "ship", "--detach", "--json");
        Assert.True(asked.Exit == 0, $"{asked}");
        var id = ReleaseId.Parse(JsonDocument.Parse(asked.Out).RootElement.GetProperty("release").GetString()!);
        await FollowAsync(id, r => r.Phase >= Phase.Starting);
        clients.Hurry(now: true);
        return await FollowAsync(id, r => r.Phase == Phase.Ended);
    }

    public void Dispose() => repository.Dispose();

    private async Task<Release> FollowAsync(ReleaseId id, Func<Release, bool> until)
    {
        using var api = machine.Plane.Connect();
        var answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}", ct);
        while (!until(answer.Release))
            answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}?after={answer.Revision}", ct);
        return answer.Release;
    }
}
