using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ComponentsCommand
{
    public static Verb Create(Frame frame)
    {
        var of = Given.Text(
            "SERVICE",
            "A service, of which the version that serves is shown, or a mark",
            ArgumentArity.ExactlyOne
        );
        var components = new Verb(
            "components",
            "Show what a version is made of: what advisories say of it now, how bad and for how long, and what its "
                + "makers support no more.",
            "mint components bank",
            "mint components bank-17"
        )
        {
            of,
        };
        components.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                var path = $"/api/components?of={Uri.EscapeDataString(given.GetRequiredValue(of)!)}";
                session.Print(await api.GetAsync<ComponentsAnswer>(path, ct), ComponentsView.Of);
                return Exit.Done;
            }
        );
        return components;
    }
}
