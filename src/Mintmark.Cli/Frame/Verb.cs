using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mintmark.Cli;

/// <summary>A command with examples for its help.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>It has a home of its own, so what says where the control plane is means nothing to it.</summary>
    public bool StandsAlone { get; init; }

    /// <summary>What its help takes from files that no other command has to wait for, or says in words of its own.
    /// </summary>
    public Action WhenHelpIsAsked { get; set; } = () => { };
}

/// <summary>The help of System.CommandLine with the examples below it.</summary>
internal sealed class HelpWithExamples(Frame frame) : SynchronousCommandLineAction
{
    private readonly HelpAction help = new() { MaxWidth = frame.Terminal.Width };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        foreach (var option in (Option[])[frame.Home, frame.Api, frame.TokenFile, frame.Json])
            option.Hidden = parseResult.CommandResult.Command is Verb { StandsAlone: true };
        (parseResult.CommandResult.Command as Verb)?.WhenHelpIsAsked();
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb)
            return Exit.Done;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in verb.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return Exit.Done;
    }
}
