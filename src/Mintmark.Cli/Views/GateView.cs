using Mintmark.Gate;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class GateView
{
    public static Page Of(GateAnswer answer)
    {
        var page = new Page().Line(
            new Ink($"{answer.Mark?.ToString() ?? $"{answer.Service}"}", Tone.Strong),
            $" ({Words.Commit(answer.Commit)}), held to {answer.Profile} {answer.Version}: ",
            Verdict(answer.Verdict)
        );
        page.Line(new Ink($"  policy {answer.Policy}", Tone.Quiet));
        foreach (var freeze in answer.Freezes)
            page.Field("freeze", freeze.Begins is { } at ? $"{freeze.Window} begins {Words.Time(at)}" : freeze.Window);
        foreach (var uncounted in answer.Uncounted)
            page.Field("uncounted", new Ink(uncounted, Tone.Bad));
        AddAll(page, "decides", answer.Controls.Where(c => c.Place != Place.Observed));
        AddAll(page, "only observed", answer.Controls.Where(c => c.Place == Place.Observed));
        if (answer.Controls.Any(c => c is { Place: Place.Observed }))
            page.Line()
                .Line(new Ink($"  let them decide, one by one: mint enforce {answer.Service} CONTROL", Tone.Quiet));
        return page;
    }

    private static void AddAll(Page page, string heading, IEnumerable<Explained> controls)
    {
        var all = controls.ToList();
        if (all.Count == 0)
            return;
        page.Line().Line(new Ink(heading, Tone.Quiet));
        var widest = all.Max(c => c.Control.Length);
        foreach (var control in all)
        {
            var demanded = control.Text.Length > 0 ? $" [{control.Text}]" : "";
            page.Line(
                "  ",
                State(control),
                $"  {control.Control.PadRight(widest)}  {control.Reason}",
                new Ink(demanded, Tone.Quiet)
            );
            if (control.Remedy is { } remedy && control.Place != Place.ABuildWillTell)
                page.Line(new Ink($"  {"", 12}  {"".PadRight(widest)}  {remedy}", Tone.Quiet));
        }
    }

    private static Ink State(Explained control) =>
        control.Place switch
        {
            Place.Passed => new("passed      ", Tone.Good),
            Place.Observed => control.Passed ? new("would pass  ", Tone.Good) : new("would refuse", Tone.Waiting),
            Place.Awaited => new("awaited     ", Tone.Waiting),
            Place.Later => new("later       ", Tone.Plain),
            Place.ABuildWillTell => new("build tells ", Tone.Quiet),
            Place.NotCovered => new("NOT COVERED ", Tone.Bad),
            _ => new("refused     ", Tone.Bad),
        };

    private static Ink Verdict(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.Passes => new("it would pass", Tone.Good),
            GateVerdict.Waits => new("it would wait for people", Tone.Waiting),
            GateVerdict.ABuildWillTell => new("a build will tell", Tone.Waiting),
            _ => new("it would be refused", Tone.Bad),
        };
}
