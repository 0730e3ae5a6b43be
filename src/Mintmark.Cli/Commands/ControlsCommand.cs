using System.CommandLine;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The catalogue of controls, whole or by norm or profile. Asks nobody.</summary>
internal static class ControlsCommand
{
    public static Verb Create(Frame frame)
    {
        var norm = new Option<string?>("--norm")
        {
            Description = $"Only those that serve a norm: {string.Join(", ", Catalogue.Shipped.Norms.Keys)}",
            HelpName = "NORM",
        };
        norm.AcceptOnlyFromAmong([.. Catalogue.Shipped.Norms.Keys]);
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
        controls.SetAction(given =>
        {
            var session = frame.Open(given);
            var answer = ControlsAnswer.Of(given.GetValue(norm), given.GetValue(profile));
            session.Print(answer, ControlsView.Of);
            return Exit.Done;
        });
        return controls;
    }
}
