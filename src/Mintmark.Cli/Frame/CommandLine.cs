using System.CommandLine;
using System.CommandLine.Help;
using Mintmark.Build;
using Mintmark.Log;
using Mintmark.Yaml;

namespace Mintmark.Cli;

/// <summary>All commands, and the edge at which every failure becomes a message and an exit status.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken ct)
    {
        var frame = new Frame(terminal);
        var given = Commands(frame).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (given.Errors.Count > 0 && !AsksForHelp(given))
            return Misunderstood(given, terminal);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await given.InvokeAsync(configuration, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Exit.Interrupted;
        }
        catch (Exception failure)
        {
            return Failed(failure, terminal);
        }
    }

    public static Command Commands(Frame frame)
    {
        var mint = new Verb(
            "mint",
            "Ships financial software safely, and proves it.",
            "mint up",
            "mint init --profile consumer-banking",
            "mint ship",
            "mint status"
        )
        {
            UpCommand.Create(frame),
            DownCommand.Create(frame),
            InitCommand.Create(frame),
            ShipCommand.Create(frame),
            StatusCommand.Create(frame),
            ReleasesCommand.Create(frame),
            ShowCommand.Create(frame),
            AdvanceCommand.Create(frame),
            ConsentCommands.Approve(frame),
            ConsentCommands.Refuse(frame),
            ConsentCommands.Review(frame),
            EnforceCommands.Enforce(frame),
            EnforceCommands.Observe(frame),
            HoldCommands.Halt(frame),
            HoldCommands.Resume(frame),
            RollbackCommand.Create(frame),
            HoldCommands.Freeze(frame),
            HoldCommands.Thaw(frame),
            GatewayCommands.Create(frame),
            TraceCommand.Create(frame),
            VerdictCommand.Create(frame),
            GateCommand.Create(frame),
            ProfilesCommand.Create(frame),
            ControlsCommand.Create(frame),
            AssessCommand.Create(frame),
            CasesCommand.Create(frame),
            ComponentsCommand.Create(frame),
            AdvisoriesCommand.Create(frame),
            EvidenceCommands.Create(frame),
            LogCommands.Create(frame),
            PersonCommands.Create(frame),
            WitnessCommand.Create(frame),
            Demo.DemoCommand.Create(frame),
            frame.Home,
            frame.Api,
            frame.TokenFile,
            frame.Json,
            frame.Plain,
            new VersionOption(),
            new HelpOption { Action = new HelpWithExamples(frame), Recursive = true },
        };
        mint.SetAction(_ => Misused(frame.Terminal));
        return mint;
    }

    private static bool AsksForHelp(ParseResult given) => given.Action is HelpWithExamples;

    private static int Misused(Terminal terminal)
    {
        terminal.Error.WriteLine("mint: name a command; 'mint --help' lists them");
        return Exit.BadInput;
    }

    private static int Misunderstood(ParseResult given, Terminal terminal)
    {
        foreach (var error in given.Errors.Select(e => e.Message).Distinct())
            terminal.Error.WriteLine($"mint: {error}");
        terminal.Error.WriteLine($"  see: {PathOf(given.CommandResult.Command)} --help");
        return Exit.BadInput;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;

    private static int Failed(Exception failure, Terminal terminal)
    {
        var (exit, next) = failure switch
        {
            StopException stop => (stop.Exit, stop.Next),
            ControlPlaneAwayException { IsSlow: true } => (
                Exit.Failure,
                "what was asked for may go on: look at 'mint status' before you ask again"
            ),
            ControlPlaneAwayException => (Exit.Failure, "start it with: mint up   (or name its address with --api)"),
            DeclaredException or FormatException => (Exit.BadInput, null),
            GitException git => OfGit(git.Problem),
            LogCorruptException => (Exit.Failure, "look closer with: mint log verify"),
            LogStorageException or LogAmbiguousException or IOException or UnauthorizedAccessException => (
                Exit.Failure,
                null
            ),
            _ => (Exit.Failure, "this should not happen; MINTMARK_DEBUG=1 shows where it did"),
        };
        terminal.Error.WriteLine($"mint: {Printable.Lines(failure.Message)}");
        if (next is not null)
            terminal.Error.WriteLine($"  {next}");
        if (terminal.Variable("MINTMARK_DEBUG") is { Length: > 0 } and not "0")
            terminal.Error.WriteLine(failure);
        return exit;
    }

    private static (int Exit, string? Next) OfGit(GitProblem problem) =>
        problem switch
        {
            GitProblem.NotInstalled => (Exit.Failure, "install git"),
            GitProblem.TimedOut or GitProblem.Failed => (Exit.Failure, null),
            GitProblem.NotARepository => (Exit.BadInput, "go to the service's repository"),
            GitProblem.NoCommits => (Exit.BadInput, "make a first commit"),
            _ => (Exit.BadInput, null),
        };
}
