namespace Mintmark.Cli;

/// <summary>Exit statuses; docs/cli.md promises them.</summary>
internal static class Exit
{
    public const int Done = 0;

    /// <summary>An expected no: refused, rolled back, failed its build, a log that does not verify.</summary>
    public const int No = 1;

    public const int BadInput = 2;

    public const int Failure = 3;

    /// <summary>Ctrl-C, as shells say it.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM, as shells say it: whoever sees to us is to know that nobody asked for the end.</summary>
    public const int Terminated = 143;
}

/// <summary>Ends the command with a message for the person who called it.</summary>
/// <param name="what">What happened, and where.</param>
/// <param name="next">What to do next; null where nothing can be said.</param>
internal sealed class StopException(int exit, string what, string? next = null, Exception? inner = null)
    : Exception(what, inner)
{
    public int Exit { get; } = exit;

    public string? Next { get; } = next;
}
