using System.CommandLine;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class LogCommands
{
    public static Verb Create(Frame frame) =>
        new Verb(
            "log",
            "Check the log, prove what is in it, or export it.",
            "mint log verify",
            "mint log export audit-2025"
        )
        {
            Verify(frame),
            ProveCommand.Create(frame),
            RotateKeyCommand.Create(frame),
            EraseCommand.Create(frame),
            Export(frame),
        };

    private static Verb Verify(Frame frame)
    {
        var folder = Given.Text(
            "DIR",
            "Folder of an export [default: the log of the home folder]",
            ArgumentArity.ZeroOrOne
        );
        var key = new Option<string?>("--key")
        {
            Description = "File with the log's public key, as you had it from elsewhere",
            HelpName = "FILE",
        };
        var witness = new Option<string[]>("--witness")
        {
            Description = "Key of a witness that must have cosigned it; may be given for each witness",
            HelpName = "KEY",
            DefaultValueFactory = _ => [],
        };
        var slice = SliceOption();
        var verify = new Verb(
            "verify",
            "Check every entry against the signed checkpoints, and that the state is their fold.",
            "mint log verify",
            "mint log verify audit-2025 --key key-from-the-auditor"
        )
        {
            folder,
            key,
            witness,
            slice,
        };
        verify.Validators.Add(given =>
        {
            var more = given.GetValue(folder) is not null || given.GetValue(witness) is { Length: > 0 };
            if (given.GetValue(slice) is not null && more)
                given.AddError("--slice goes with --key alone");
        });
        verify.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var trusted = given.GetValue(key) is { Length: > 0 } path
                    ? LogKeys.Read(Path.Combine(session.Terminal.Folder, path))
                    : null;
                if (given.GetValue(slice) is { Length: > 0 } part)
                    return VerifySlice(session, ExportIn(session.Terminal, part), trusted);
                var witnesses = given.GetRequiredValue(witness).Select(WitnessVerifier.Parse).ToList();
                var check = new LogCheck(session.Terminal, witnesses);
                var verdict = given.GetValue(folder) is { Length: > 0 } export
                    ? check.OfExport(ExportIn(session.Terminal, export), trusted)
                    : await OfHomeAsync(session, check, trusted, ct);
                session.Print(verdict, v => v.ToPage());
                return verdict.Verified ? Exit.Done : Exit.No;
            }
        );
        return verify;
    }

    private static Option<string?> SliceOption() =>
        new("--slice") { Description = "Check a slice instead, as 'log export --from' wrote it", HelpName = "DIR" };

    private static int VerifySlice(Session session, string folder, LogVerifier? trusted)
    {
        var verdict = SliceVerdict.Check(folder, trusted);
        session.Print(verdict, v => v.ToPage());
        return verdict.Verified ? Exit.Done : Exit.No;
    }

    internal static string ExportIn(Terminal terminal, string folder)
    {
        var path = Path.GetFullPath(Path.Combine(terminal.Folder, folder));
        return Directory.Exists(path)
            ? path
            : throw new StopException(
                Exit.BadInput,
                $"there is no folder {path}",
                "make one with: mint log export DIR"
            );
    }

    private static async Task<LogVerdict> OfHomeAsync(
        Session session,
        LogCheck check,
        LogVerifier? trusted,
        CancellationToken ct
    )
    {
        RequireLog(session.Home);
        var (live, note) = await LiveAsync(session, ct);
        return check.OfHome(session.Home, trusted, live, note is null ? [] : [note]);
    }

    internal static void RequireLog(Home home)
    {
        if (!LogPlace.Exists(home))
        {
            throw new StopException(
                Exit.BadInput,
                $"there is no log in {home.Root}",
                "name the folder of a control plane with --home, or that of an export"
            );
        }
    }

    /// <summary>Asked before the log is opened, so that the log has at least what the answer speaks of.</summary>
    private static async Task<(StateAnswer? Live, string? Note)> LiveAsync(Session session, CancellationToken ct)
    {
        try
        {
            using var api = session.Connect();
            return (await api.GetAsync<StateAnswer>("/api/log/state", ct), null);
        }
        catch (Exception away) when (away is ControlPlaneAwayException or StopException)
        {
            return (null, $"no state to compare the fold with: {away.Message}");
        }
    }

    private static Verb Export(Frame frame)
    {
        var folder = Given.Text("DIR", "A folder that is not there yet", ArgumentArity.ExactlyOne);
        var export = new Verb(
            "export",
            "Write the log as static files that anybody can check offline.",
            "mint log export audit-2025",
            "mint log export march --from 120 --to 340 --redact 200..210",
            "mint log verify audit-2025"
        )
        {
            folder,
        };
        var slice = new SliceOptions();
        slice.AddTo(export);
        export.SetAction(given =>
        {
            var session = frame.Open(given);
            var target = Path.GetFullPath(Path.Combine(session.Terminal.Folder, given.GetRequiredValue(folder)!));
            if (Path.Exists(target))
                throw new StopException(Exit.BadInput, $"{target} is there already", "name a folder that is not");
            if (slice.Ask(given))
                session.Print(slice.Write(given, session, target), s => s.ToPage());
            else
                session.Print(Write(session, target), Page);
            return Exit.Done;
        });
        return export;
    }

    private static LogExported Write(Session session, string target)
    {
        RequireLog(session.Home);
        // Before the log is opened, so that the export of one that grows has all entries that this is over.
        var witnessed = new WitnessedCheckpoint(session.Home.Witnessed).Note;
        using var storage = LogPlace.OpenReadOnly(session.Home);
        var progress = new Counter(session.Terminal, "exporting");
        using var counted = new CountedStorage(storage, count => progress.Reach(count, storage.Size));
        LogExport.Write(counted, LogKeys.TextOfHome(session.Home), target, EntryCodec.HandoverOf);
        var state = Replay.Fold(State.Empty, counted.Read(0));
        StateFile.Write(target, state);
        if (witnessed is not null)
            File.WriteAllText(Path.Combine(target, WitnessedUpTo.FileName), witnessed);
        progress.Clear();
        return new LogExported(target, state.Size, EntryCodec.Digest(state));
    }

    private static Page Page(LogExported exported) =>
        new Page()
            .Line($"{Words.Count(exported.Entries, "entry", "entries")} exported to {exported.Folder}")
            .Field("state", exported.Digest)
            .Field("check it", $"mint log verify {exported.Folder}");
}

/// <param name="Digest">Of the state after all entries.</param>
internal sealed record LogExported(string Folder, long Entries, string Digest);
