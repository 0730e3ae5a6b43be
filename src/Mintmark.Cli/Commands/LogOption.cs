using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>Where the log is to be: said now, in the environment, or at an earlier start.</summary>
internal static class LogOption
{
    private const string Variable = "MINTMARK_LOG";

    /// <returns>Null for a file in the home.</returns>
    /// <exception cref="StopException">It is no address, or not where this home's log is.</exception>
    public static PostgresAddress? Parse(string? given, Session session)
    {
        if (given is not null && PostgresAddress.Fits(given) && PostgresAddress.Parse(given).HasPassword)
            throw new StopException(
                Exit.BadInput,
                "--log: a password on the command line can be read by everybody on this machine",
                $"give the whole address in ${Variable}, or in a file and --log FILE"
            );
        var remembered = session.Home.LogAddress();
        var address = Text(given ?? session.Terminal.Variable(Variable)) is { } text
            ? PostgresAddress.Parse(text)
            : remembered;
        if (address is not null && remembered is null && File.Exists(session.Home.LogFile))
            throw new StopException(
                Exit.BadInput,
                $"--log: the log of {session.Home.Root} is in {session.Home.LogFile}, and a log cannot move",
                "name another folder with --home"
            );
        return address;
    }

    private static string? Text(string? given) =>
        given is not { Length: > 0 } ? null
        : PostgresAddress.Fits(given) ? given
        : File.Exists(given) ? File.ReadAllText(given).Trim()
        : throw new StopException(
            Exit.BadInput,
            $"--log: '{given}' is neither an address nor a file that holds one",
            PostgresAddress.Accepted
        );
}
