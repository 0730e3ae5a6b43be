using Mintmark.Cli;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>The command line, called in this process from a folder of its own.</summary>
sealed class Mint : IDisposable
{
    private readonly Dictionary<string, string> variables = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("mintmark-cli-").FullName;

    public string HomeFolder => Path.Combine(Folder, "home");

    public DateTimeOffset Now { get; set; } = Story.Beginning;

    public bool IsLive { get; init; }

    public Mint With(string variable, string value)
    {
        variables[variable] = value;
        return this;
    }

    /// <summary>In the home folder of this test, unless the arguments name another.</summary>
    public Task<Said> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>Bad input: the words are told so, and why.</summary>
    public async Task RefusesAsync(string command, string error)
    {
        var said = await RunAsync(command.Split(' '));
        Assert.Equal(2, said.Exit);
        Assert.Contains(error, said.Error, StringComparison.Ordinal);
    }

    public async Task<Said> RunAsync(CancellationToken interrupt, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(
            output,
            error,
            IsLive,
            100,
            new StandingClock(Now),
            Folder,
            variables.GetValueOrDefault
        );
        var exit = await CommandLine.RunAsync([.. arguments, "--home", HomeFolder], terminal, interrupt);
        return new Said(exit, Normal(output.ToString()), Normal(error.ToString()));
    }

    public string Normal(string text) => Golden.Normal(text, Folder);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Shows one time; its timers and time stamps are real.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

sealed record Said(int Exit, string Out, string Error)
{
    /// <summary>All of it, as a transcript shows it.</summary>
    public string Transcript(string command) =>
        $"$ mint {command}\n{Out}"
        + string.Concat(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"! {line}\n"))
        + $"exit {Exit}\n";
}
