namespace Mintmark.Cli;

internal static class Confirmation
{
    /// <summary>The log has it, and traffic may not: whoever pulled a kill switch must know.</summary>
    public static StopException Missing(string what) =>
        new(
            Exit.Failure,
            $"the {what} is in the log, but the gateway has not confirmed it: traffic may still go where it went",
            "look at 'mint status'; the control plane keeps trying"
        );
}
