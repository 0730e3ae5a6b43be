namespace Mintmark.Cli;

/// <summary>What a command writes to and asks of its surroundings.</summary>
/// <param name="IsLive">Whether a view may be redrawn in place; else plain lines, one per change.</param>
/// <param name="Folder">Where the command was called.</param>
/// <param name="Variable">A variable of the environment, or null.</param>
internal sealed record Terminal(
    TextWriter Out,
    TextWriter Error,
    bool IsLive,
    int Width,
    TimeProvider Clock,
    string Folder,
    Func<string, string?> Variable
)
{
    private const int WidthOfAPipe = 100;

    public static Terminal OfProcess()
    {
        var live =
            !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new Terminal(
            Console.Out,
            Console.Error,
            live,
            live ? Math.Max(40, Console.WindowWidth) : WidthOfAPipe,
            TimeProvider.System,
            CurrentFolder(),
            Environment.GetEnvironmentVariable
        );
    }

    /// <summary>It may have been deleted since: then only what names a file relative to it fails.</summary>
    private static string CurrentFolder()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
