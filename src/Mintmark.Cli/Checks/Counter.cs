namespace Mintmark.Cli;

/// <summary>Says how far long work has come: on a terminal in place, else now and then as a line, to stderr.</summary>
internal sealed class Counter(Terminal terminal, string what)
{
    private static readonly TimeSpan InPlace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AsLines = TimeSpan.FromSeconds(5);

    private const int ClockEach = 1024;

    private readonly TimeSpan period = terminal.IsLive ? InPlace : AsLines;
    private long said = terminal.Clock.GetTimestamp();
    private bool drawn;

    public void Reach(long count, long total)
    {
        if (count % ClockEach != 0 || terminal.Clock.GetElapsedTime(said) < period)
            return;
        said = terminal.Clock.GetTimestamp();
        var text = $"{what}: {count:#,0} of {Words.Count(total, "entry", "entries")}";
        if (terminal.IsLive)
            terminal.Error.Write($"\r{text}");
        else
            terminal.Error.WriteLine(text);
        drawn = terminal.IsLive;
    }

    /// <summary>Leaves no trace of what was drawn in place.</summary>
    public void Clear()
    {
        if (drawn)
            terminal.Error.Write("\r\e[K");
        drawn = false;
    }
}
