using System.Diagnostics;
using System.Text.Json;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli.Demo;

/// <summary>The main job, step by step, under continuous traffic.</summary>
internal sealed class DemoRun(
    Terminal terminal,
    DemoPlane plane,
    DemoRepository repository,
    Traffic traffic,
    DemoTeam team
)
{
    private const string Promoted = "promoted";
    private const string RolledBack = "rolled back";

    /// <summary>An answer slower than this is a bad one: the good versions' take a few milliseconds.</summary>
    private static readonly TimeSpan TooSlow = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HaltedFor = TimeSpan.FromSeconds(1);

    private readonly List<DemoStep> steps = [];
    private readonly Ledger ledger = new(plane.Home.Root);

    public async Task<DemoReport> RunAsync(CancellationToken ct)
    {
        var first = await ShipAsync(ct);
        await FollowAsync(first, r => r.Phase is Phase.Guarding or Phase.Ended, ct);
        await traffic.StartAsync(ct);
        Conclude("1 first release", Promoted, await EndAsync(first, ct), Bad.None);

        await ShipByTwoAsync("2 a good feature, by two persons", "02-references", ct);
        await ShipStepAsync("3 a rounding bug, answers 200", "03-rounding", RolledBack, Unbalanced, ct);
        await ShipStepAsync("4 errors on 3 % of transfers", "04-errors", RolledBack, Bad.Errors, ct);
        await ShipStepAsync("5 p99 five times slower", "05-slow", RolledBack, Bad.SlowerThan(TooSlow), ct);
        await ShipStepAsync("6 does not start", "06-does-not-start", RolledBack, Bad.Errors, ct);
        await ShipStepAsync("7 fails a test", "07-failing-test", "refused", Bad.Errors, ct);
        await ShipStepAsync("8 only configuration, and bad", "08-configuration", RolledBack, Bad.Errors, ct);
        var serving = await KillInMidReleaseAsync(ct);
        await HaltAsync(ct);
        repository.Advise(plane.Home.Advisories);
        await ShipStepAsync("11 a known weak component", "10-known-weakness", "refused", Bad.Errors, ct);
        return new DemoReport(steps, await ClosingAsync(serving, ct), false);
    }

    private async Task ShipStepAsync(string name, string patch, string expected, Bad bad, CancellationToken ct)
    {
        repository.Apply(patch);
        var ended = await EndAsync(await ShipAsync(ct), ct);
        Conclude(name, expected, ended, bad);
        if (expected != Promoted)
            repository.Revert();
    }

    /// <summary>It waits for an approval; who asked for it is told no, and another's word lets it go on.</summary>
    private async Task ShipByTwoAsync(string name, string patch, CancellationToken ct)
    {
        const string waited = "waited, then ";
        repository.Apply(patch);
        await team.JoinAsync(ct);
        using var engineer = team.AsEngineer();
        var id = await ShipAsync(engineer, null, ct);
        var waiting = await FollowAsync(id, r => r.Awaited is not null || r.Phase >= Phase.Waiting, ct);
        var held = waiting.Awaited is not null && await team.ApprovesOwnAsync(id, ct);
        if (held)
            await team.ApproveAsync(id, ct);
        var ended = await EndAsync(id, ct);
        await team.LeaveAsync(ct);
        Conclude(name, waited + Promoted, ended, Bad.None, held ? waited : "");
    }

    private async Task<Mark> KillInMidReleaseAsync(CancellationToken ct)
    {
        repository.Apply("09-pages");
        var id = await ShipAsync(ct);
        await FollowAsync(id, r => r.Phase >= Phase.Starting, ct);
        traffic.Hurry(busy: true);
        await FollowAsync(id, r => r.Phase >= Phase.Ramping, ct);
        await plane.KillAsync(ct);
        // Meanwhile nobody is there to ask, and the gateway serves on.
        await Task.Delay(AwayFor, ct);
        await plane.StartAsync(ct);
        var ended = await EndAsync(id, ct);
        Conclude("9 control plane killed in mid-release", Promoted, ended, Bad.None);
        return ended.Mark;
    }

    private async Task HaltAsync(CancellationToken ct)
    {
        Settle();
        var asked = Stopwatch.GetTimestamp();
        var halted = await plane.CallAsync(ct, "halt", "bank", "--reason", "a drill");
        var inForce = Stopwatch.GetTimestamp();
        await Task.Delay(HaltedFor, ct);
        var lifting = Stopwatch.GetTimestamp();
        var resumed = await plane.CallAsync(ct, "resume", "bank", "--reason", "the drill is over");
        var lifted = Stopwatch.GetTimestamp();
        await Task.Delay(HaltedFor, ct);
        var answers = traffic.Take();
        var through = answers.Count(a => a.Begun > inForce && a.Ended < lifting && a.Status != 503);
        var refused = answers.Count(a => a.Status == 503 && a.Ended > asked && a.Begun < lifted);
        var after = answers.Count(a => a.Begun > lifted && a.Ok);
        var asMeant = halted.Exit == 0 && resumed.Exit == 0 && through == 0 && refused > 0 && after > 0;
        var others = answers.Where(a => !a.Ok && !(a.Status == 503 && a.Ended > asked && a.Begun < lifted)).ToList();
        var seen = asMeant ? "nothing through, then all" : $"{through} through, {refused} refused, {after} after";
        Add(new DemoStep("10 halt and resume", "nothing through, then all", seen, 0, null, others.Count), others);
    }

    /// <summary>The trace of the version that runs, and the log against its signature.</summary>
    private async Task<DemoLog> ClosingAsync(Mark serving, CancellationToken ct)
    {
        var trace = await plane.CallAsync(ct, "trace", $"{serving}");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"$ mint trace {serving}");
        terminal.Out.Write(trace.Output);
        var (exit, text) = await plane.CallAsync(ct, "log", "verify", "--json");
        var verdict = JsonDocument.Parse(text).RootElement;
        return new DemoLog(
            verdict.GetProperty("entries").GetInt64(),
            verdict.GetProperty("root").GetString()!,
            exit == 0 && verdict.GetProperty("verified").GetBoolean()
        );
    }

    private async Task<ReleaseId> ShipAsync(CancellationToken ct)
    {
        using var api = plane.Connect();
        return await ShipAsync(api, "demo", ct);
    }

    private async Task<ReleaseId> ShipAsync(ApiClient api, string? by, CancellationToken ct)
    {
        traffic.Hurry(busy: false);
        var request = new ShipRequest(repository.Folder, null, "the demo ships it", by);
        return (await api.PostAsync<ShipRequest, Done>("/api/ship", request, ct)).Release!.Value;
    }

    private async Task<Release> EndAsync(ReleaseId id, CancellationToken ct)
    {
        await FollowAsync(id, r => r.Phase >= Phase.Starting, ct);
        traffic.Hurry(busy: true);
        return await FollowAsync(id, r => r.Phase == Phase.Ended, ct);
    }

    private async Task<Release> FollowAsync(ReleaseId id, Func<Release, bool> until, CancellationToken ct)
    {
        using var api = plane.Connect();
        var answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}", ct);
        while (!until(answer.Release))
            answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}?after={answer.Revision}", ct);
        return answer.Release;
    }

    private void Conclude(string name, string expected, Release release, Bad bad, string before = "")
    {
        var answers = traffic.Take();
        var isBad = bad.Of(release.Mark);
        var seen = release.Outcome switch
        {
            Outcome.RolledBack => RolledBack,
            { } outcome => outcome.ToString().ToLowerInvariant(),
            null => "not ended",
        };
        seen = before + seen;
        var wrong = answers.Where(isBad).ToList();
        var last = answers.Where(a => a.Mark == release.Mark).Select(a => a.Ended).DefaultIfEmpty().Max();
        long? back =
            wrong.Count > 0 && !expected.EndsWith(Promoted, StringComparison.Ordinal)
                ? (long)Stopwatch.GetElapsedTime(wrong.Min(a => a.Ended), last).TotalMilliseconds
                : null;
        var others = answers.Where(a => !a.Ok && !isBad(a)).ToList();
        var step = new DemoStep(name, expected, seen, wrong.Count, back, others.Count);
        Add(step, others);
        if (!step.AsExpected)
            terminal.Out.WriteLine($"     {release.Id} {release.OutcomeReason}");
    }

    private void Add(DemoStep step, List<Answered> others)
    {
        steps.Add(step);
        var verdict = step.AsExpected ? "as expected" : $"expected {step.Expected}";
        terminal.Out.WriteLine($"  {step.Name}: {step.Seen} ({verdict}), {step.BadResponses} bad responses");
        foreach (var other in others.Take(3))
            terminal.Out.WriteLine($"     failed: {other.Status} {other.Mark} {other.Failure}");
    }

    private void Settle() => traffic.Take();

    private Bad Unbalanced =>
        new(mark =>
        {
            var unbalanced = ledger.Unbalanced(mark);
            return answer => answer.Mark == mark && answer.Transfer is { } id && unbalanced.Contains(id);
        });
}
