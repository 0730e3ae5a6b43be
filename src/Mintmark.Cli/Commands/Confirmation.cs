using Mintmark.Server;

namespace Mintmark.Cli;

internal static class Confirmation
{
    /// <summary>The log has it, and traffic may not: whoever pulled a kill switch must know.</summary>
    public static StopException Missing(string what, Done done) =>
        new(
            Exit.Failure,
            $"the {what} is in the log, but {Silent(done)} not confirmed it: traffic may still go where it went",
            "look at 'mint status'; the control plane keeps trying"
        );

    private static string Silent(Done done) =>
        done.Away switch
        {
            null or [] => "the gateway has",
            [var one] => $"gateway {one.Address} has",
            var several => $"gateways {string.Join(" and ", several.Select(g => g.Address))} have",
        };

    /// <summary>A gateway that does not answer may still run, and would not know.</summary>
    public static void AddAway(Page page, Done done)
    {
        foreach (var gateway in done.Away ?? [])
        {
            var known = gateway.HeardAt is { } at
                ? $": if it runs, by the routes of entry {gateway.Revision}, last heard {Words.Time(at)}"
                : ": it has never answered";
            page.Line("  ", new Ink($"gateway {gateway.Address} does not answer", Tone.Bad), known);
        }
    }
}
