namespace Mintmark.Cli;

internal static class AssessView
{
    public static Page Of(ReadinessAnswer answer)
    {
        var name = answer.Service?.ToString() ?? "no mint.yaml yet";
        var page = new Page().Line(
            new Ink(answer.Repository, Tone.Strong),
            $" at {Words.Commit(answer.Commit)} ({name}), {Words.Count(answer.Files, "tracked file")}, "
                + $"against {answer.Profile}"
        );
        foreach (var kind in answer.Around.GroupBy(a => a.Kind, StringComparer.Ordinal))
            page.Field(kind.Key, Few([.. kind.Select(k => k.What)]));
        Add(page, answer, Ready.Holds, "holds today", Tone.Good);
        Add(page, answer, Ready.OneStep, "one step away", Tone.Waiting);
        Add(page, answer, Ready.More, "needs more", Tone.Bad);
        Add(page, answer, Ready.NotCovered, "not covered: nothing here can check it yet", Tone.Quiet);
        return page.Line().Line(Summary(answer));
    }

    private static Ink Summary(ReadinessAnswer answer)
    {
        var by = answer.Controls.CountBy(c => c.State).ToDictionary();
        return $"of {answer.Controls.Count} controls, holding today: {by.GetValueOrDefault(Ready.Holds)}; "
            + $"one step away: {by.GetValueOrDefault(Ready.OneStep)}; "
            + $"needing more: {by.GetValueOrDefault(Ready.More)}; "
            + $"not covered: {by.GetValueOrDefault(Ready.NotCovered)}";
    }

    private static void Add(Page page, ReadinessAnswer answer, Ready state, string heading, Tone tone)
    {
        var controls = answer.Controls.Where(c => c.State == state).ToList();
        if (controls.Count == 0)
            return;
        page.Line().Line(new Ink(heading, tone));
        var widest = controls.Max(c => c.Control.Length);
        foreach (var control in controls)
        {
            page.Line($"  {control.Control.PadRight(widest)}  {control.Found}");
            if (control.Step is { } step)
                page.Line(new Ink($"  {"".PadRight(widest)}  -> {step}", Tone.Quiet));
        }
    }

    private static string Few(IReadOnlyList<string> all)
    {
        const int most = 4;
        var named = string.Join(", ", all.Take(most));
        return all.Count > most ? $"{named} and {all.Count - most} more" : named;
    }
}
