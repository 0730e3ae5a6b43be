using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class StatusView
{
    public static Page Of(StatusAnswer status, DateTimeOffset now)
    {
        var page = new Page().Line(
            new Ink($"Mintmark {status.Version.Split('+')[0]}", Tone.Strong),
            $": log of {Words.Count(status.Revision, "entry", "entries")}, "
                + $"root {status.Root[..Math.Min(16, status.Root.Length)]}"
        );
        foreach (var gateway in status.Gateways ?? [status.Gateway])
            GatewayLines.Add(page, gateway, status.Revision, now);
        AddHold(page, "everything", "halted", status.Halted, now);
        AddHold(page, "everything", "frozen", status.Frozen, now);
        foreach (var (part, failure) in status.Troubles.OrderBy(t => t.Key, StringComparer.Ordinal))
            page.Field("trouble", new Ink($"{part}: {failure}", Tone.Bad));
        foreach (var service in status.Services)
            AddService(page.Line(), service, now);
        return status.Services.Count > 0 ? page : AddFirstSteps(page);
    }

    private static void AddService(Page page, ServiceStatus service, DateTimeOffset now)
    {
        page.Line(new Ink($"{service.Name}", Tone.Strong), $"  {service.Address}");
        AddHold(page, $"{service.Name}", "halted", service.Halted, now);
        AddHold(page, $"{service.Name}", "frozen", service.Frozen, now);
        foreach (var freeze in service.Freezes ?? [])
            page.Field("freeze", new Ink($"{freeze.Window} begins {Words.Time(freeze.Begins!.Value)}", Tone.Waiting));
        page.Field("serving", Serving(service));
        foreach (var open in service.Open)
        {
            var release = open.Release;
            page.Field(release.Phase == Phase.Guarding ? "in guard" : "on its way", Open(release));
            if (release.Emergency)
                page.Field("", new Ink("an EMERGENCY release", Tone.Bad));
            page.Field("", new Ink(open.Explanation, Tone.Quiet));
        }
        foreach (var unreviewed in service.Unreviewed ?? [])
            page.Field(
                "emergency",
                new Ink($"{unreviewed} was not looked at since: no ordinary release goes on", Tone.Bad),
                $" until somebody else says: mint review {unreviewed} --reason \"…\""
            );
        if (service.Enforced is { Count: > 0 } enforced)
            page.Field("enforced", string.Join(", ", enforced));
        foreach (var relaxed in service.Relaxed ?? [])
            page.Field(
                "observed",
                new Ink($"{relaxed.Control} until {Words.Time(relaxed.Until)}", Tone.Waiting),
                $" by {relaxed.By}: {relaxed.Reason}"
            );
        foreach (var clients in service.Clients)
            page.Field("clients", ClientLines.Of(clients, now));
        if (service.Good.Count > 0)
            page.Field("good", string.Join(", ", service.Good.Reverse().Take(5)));
        foreach (var instance in service.Instances)
            page.Field("instance", Instance(instance, now));
    }

    private static Ink[] Serving(ServiceStatus service)
    {
        if (service.Serving is not { } serving)
            return [new Ink("nothing yet", Tone.Waiting)];
        if (service.Open.FirstOrDefault(IsSplit)?.Release is not { } split)
            return [new Ink($"{serving}", Tone.Good), " 100 %"];
        var candidate = split.Steps[^1].Share;
        var baseline = new Share(Share.Whole - candidate.BasisPoints);
        // In a guard it is the candidate that serves, and a part is held back on the old version.
        return split.Phase == Phase.Guarding
            ?
            [
                new Ink($"{split.Mark}", Tone.Good),
                $" {candidate}, ",
                new Ink($"{split.Baseline}", Tone.Quiet),
                $" {baseline}",
            ]
            :
            [
                new Ink($"{serving}", Tone.Good),
                $" {baseline}, ",
                new Ink($"{split.Mark}", Tone.Waiting),
                $" {candidate}",
            ];
    }

    private static bool IsSplit(ReleaseAnswer open) =>
        open.Release is { Phase: Phase.Ramping }
        || (
            open.Release is { Phase: Phase.Guarding, Baseline: not null }
            && open.Release.Steps.Count > open.Version.Manifest.Rollout.Steps.Count
            && open.Release.Steps[^1].Share.BasisPoints < Share.Whole
        );

    private static Ink[] Open(Release release) =>
        release.Phase == Phase.Guarding
            ? [$"{release.Mark} by {release.Id} ({release.By}: {release.Reason})"]
            : [$"{release.Mark} by {release.Id}, ", Words.Place(release), $" ({release.By}: {release.Reason})"];

    private static Ink[] Instance(Instance instance, DateTimeOffset now)
    {
        var tone = instance.Phase == InstancePhase.Healthy ? Tone.Good : Tone.Waiting;
        List<Ink> inks =
        [
            $"{instance.Id} of {instance.Mark} at 127.0.0.1:{instance.Port}, ",
            new Ink(Words.Lower(instance.Phase), tone),
            $" for {Words.Duration(now - instance.PhaseSince)}",
        ];
        inks.AddRange(
            (instance.Invariants?.Broken() ?? []).Select(b => new Ink($", breaks {b.Name}: {b.Broken}", Tone.Bad))
        );
        return [.. inks];
    }

    private static void AddHold(Page page, string what, string how, Hold? hold, DateTimeOffset now)
    {
        if (hold is null)
            return;
        page.Field(
            how,
            new Ink($"{what} is {how}", Tone.Bad),
            $" by {hold.By} since {Words.Time(hold.Since)} ({Words.Ago(hold.Since, now)}): {hold.Reason}"
        );
    }

    private static Page AddFirstSteps(Page page) =>
        page.Line()
            .Line("Nothing was shipped yet. In a service's git repository:")
            .Line("  mint init    writes its mint.yaml; look it through and commit it")
            .Line("  mint ship    builds the commit, tests it, and brings it into service");
}
