using System.CommandLine;
using System.CommandLine.Parsing;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The catalogue of controls, whole or by norm or profile. Asks nobody.</summary>
internal static class ControlsCommand
{
    public static Verb Create(Frame frame)
    {
        var norm = new Option<string?>("--norm") { HelpName = "NORM" };
        norm.Validators.Add(RequireNorm);
        var profile = new Option<string?>("--profile")
        {
            Description = "Only those that a line of business is held to, with its values",
            HelpName = "PROFILE",
        };
        profile.AcceptOnlyFromAmong([.. Profiles.All]);
        var controls = new Verb(
            "controls",
            "Every control there is: what it demands, how it is decided, which requirements it serves.",
            "mint controls",
            "mint controls --norm pci-dss",
            "mint controls --norm dora-rts --profile consumer-banking"
        )
        {
            norm,
            profile,
        };
        controls.WhenHelpIsAsked = () => norm.Description = $"Only those that serve a norm: {Norms}";
        controls.SetAction(given =>
        {
            var session = frame.Open(given);
            var answer = ControlsAnswer.Of(given.GetValue(norm), given.GetValue(profile));
            session.Print(answer, ControlsView.Of);
            return Exit.Done;
        });
        return controls;
    }

    private static string Norms => string.Join(", ", Catalogue.Shipped.Norms.Keys);

    private static void RequireNorm(OptionResult given)
    {
        foreach (var token in given.Tokens.Where(t => !Catalogue.Shipped.Norms.ContainsKey(t.Value)))
            given.AddError($"there is no norm '{token.Value}'; accepted: {Norms}");
    }
}
