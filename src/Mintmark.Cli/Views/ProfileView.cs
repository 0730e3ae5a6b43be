using Mintmark.Gate;

namespace Mintmark.Cli;

internal static class ProfileView
{
    public static Page Of(IReadOnlyList<ProfileAnswer> profiles)
    {
        var page = new Page();
        page.Rows(
            "",
            [
                .. profiles.Select(p =>
                    new Ink[]
                    {
                        new(p.Profile, Tone.Strong),
                        Words.Count(p.Controls.Count, "control"),
                        p.Title + (p.Overlay is null ? "" : $"; with this home's {p.Overlay}"),
                    }
                ),
            ]
        );
        return page.Line().Line("Each in detail: mint profiles NAME");
    }

    public static Page Of(ProfileAnswer profile)
    {
        var page = new Page().Line(
            new Ink($"{profile.Profile} {profile.Version}", Tone.Strong),
            $": {profile.Title}",
            profile.Overlay is { } file ? $"; with this home's {file}" : ""
        );
        AddDemands(page.Line(), "always held", profile.Controls.Where(c => c.Floor));
        AddDemands(page.Line(), "held where a service enforces them", profile.Controls.Where(c => !c.Floor));
        page.Line();
        page.Field("emergency", "the floor and ", string.Join(", ", profile.Emergency));
        foreach (var freeze in profile.Freezes)
            page.Field("freeze", freeze);
        foreach (var relaxed in profile.Relaxed)
            page.Field("relaxed", new Ink(Text(relaxed), relaxed.Ended ? Tone.Quiet : Tone.Waiting));
        return page;
    }

    private static string Text(LooseningAnswer relaxed)
    {
        var what = relaxed.Set is { } set ? string.Join(", ", set.Select(s => $"{s.Key} {s.Value}")) : "left out";
        var until = relaxed.Ended ? "ended" : "until";
        return $"{relaxed.Control}: {what} by {relaxed.By}, {until} {relaxed.Until:yyyy-MM-dd}: {relaxed.Reason}";
    }

    private static void AddDemands(Page page, string heading, IEnumerable<DemandAnswer> demands)
    {
        page.Line(new Ink(heading, Tone.Quiet));
        page.Rows("  ", [.. demands.Select(d => new Ink[] { d.Control, d.Text, Named(d.When), d.Demands })]);
    }

    public static Ink Named(When when) =>
        when switch
        {
            When.People => new("people", Tone.Plain),
            When.Later => new("candidate", Tone.Plain),
            When.Nobody => new("NOT COVERED", Tone.Bad),
            _ => new("build", Tone.Plain),
        };
}

internal static class ControlsView
{
    public static Page Of(ControlsAnswer answer)
    {
        var page = new Page();
        foreach (var (norm, name) in answer.Norms.Where(_ => answer.Norm is not null))
            page.Line(new Ink($"{norm}: {name}", Tone.Strong)).Line();
        foreach (var control in answer.Controls)
            Add(page, control, answer.Norm);
        return page.Line(
            new Ink(
                $"{Words.Count(answer.Controls.Count, "control")} of catalogue {answer.Catalogue}. "
                    + "They give evidence for these requirements; none is met by them alone.",
                Tone.Quiet
            )
        );
    }

    private static void Add(Page page, DemandAnswer control, string? norm)
    {
        page.Line(
            new Ink(control.Control, Tone.Strong),
            control.Text.Length > 0 ? $" ({control.Text})" : "",
            control.Floor ? ", always held" : "",
            control.When == When.Nobody ? new Ink(", NOT COVERED", Tone.Bad) : ""
        );
        page.Line($"  {control.Demands}").Line(new Ink($"  {control.Decided}", Tone.Quiet));
        foreach (var (key, requirements) in control.Serves.Where(s => norm is null || s.Key == norm))
            page.Field(key, string.Join("; ", requirements));
        page.Line();
    }
}
