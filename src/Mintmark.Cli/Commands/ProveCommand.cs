using System.CommandLine;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Proofs that an entry is in the log: made from the home folder's log, checked without it.</summary>
internal static class ProveCommand
{
    /// <summary>Longer than any proof that can be true.</summary>
    private const long LargestFile = 1 << 20;

    public static Verb Create(Frame frame)
    {
        var entry = new Argument<long?>("ENTRY")
        {
            Description = "Index of an entry, from 0 on",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = Named("--out", "Write the proof to a file instead of printing it");
        var check = Named("--check", "Check a proof that somebody gave you; needs no log and no network");
        var key = Named("--key", "With --check: file with the log's public key [default: the home folder's own]");
        var prove = new Verb(
            "prove",
            "Prove that an entry is in the log (c2sp.org/tlog-proof), or check such a proof offline.",
            "mint log prove 17 --out entry-17.tlog-proof",
            "mint log prove --check entry-17.tlog-proof --key key-of-the-log"
        )
        {
            entry,
            output,
            check,
            key,
        };
        prove.Validators.Add(given =>
        {
            if (given.GetValue(entry) is null == given.GetValue(check) is null)
                given.AddError("name either an ENTRY to prove or a proof to --check");
            if (given.GetValue(key) is not null && given.GetValue(check) is null)
                given.AddError("--key goes with --check");
            if (given.GetValue(output) is not null && given.GetValue(check) is not null)
                given.AddError("--out goes with an ENTRY");
        });
        prove.SetAction(given =>
        {
            var session = frame.Open(given);
            return given.GetValue(check) is { } file
                ? Check(session, file, given.GetValue(key))
                : Prove(session, given.GetValue(entry)!.Value, given.GetValue(output));
        });
        return prove;
    }

    private static Option<string?> Named(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };

    private static int Prove(Session session, long index, string? output)
    {
        LogCommands.RequireLog(session.Home);
        using var storage = LogPlace.OpenReadOnly(session.Home);
        var handovers = KeyHandovers.Of(storage, EntryCodec.HandoverOf);
        using var verifier = LogKeys.AllOf(session.Home, handovers);
        var proof =
            new LogReader(storage).Prove(index, Witnessed(session, verifier))
            ?? throw new StopException(
                Exit.BadInput,
                $"there is no entry {index}: the log has {Words.Count(storage.Size, "entry", "entries")}",
                null
            );
        var proved = ProvedEntry.Open(proof, verifier);
        if (output is null)
        {
            session.Print(proved, _ => new Page().Text(proof.ToText()));
            return Exit.Done;
        }
        var target = Path.GetFullPath(Path.Combine(session.Terminal.Folder, output));
        File.WriteAllText(target, proof.ToText());
        if (handovers.Length > 0)
            File.WriteAllText(HandoversOf(target), handovers);
        session.Print(Beside(proved with { File = target }), p => p.ToPage());
        return Exit.Done;
    }

    private static string HandoversOf(string proof) => $"{proof}.{KeyHandovers.FileName}";

    private static ProvedEntry Beside(ProvedEntry proved) =>
        HandoversOf(proved.File!) is var file && File.Exists(file) ? proved with { Handovers = file } : proved;

    /// <summary>What witnesses cosigned last, if it is of this log.</summary>
    private static string? Witnessed(Session session, LogVerifier verifier)
    {
        var note = new WitnessedCheckpoint(session.Home.Witnessed).Note;
        try
        {
            return note is not null && verifier.Open(note) is not null ? note : null;
        }
        catch (LogCorruptException)
        {
            return null;
        }
    }

    private static int Check(Session session, string file, string? key)
    {
        var path = Path.GetFullPath(Path.Combine(session.Terminal.Folder, file));
        var isGiven = key is { Length: > 0 };
        using var first = isGiven ? LogKeys.Read(Path.Combine(session.Terminal.Folder, key!)) : OfHome(session);
        try
        {
            var handovers = isGiven && File.Exists(HandoversOf(path)) ? Read(HandoversOf(path)) : "";
            using var verifier = KeyHandovers.Follow(first, handovers);
            var proof = InclusionProof.Parse(Read(path));
            session.Print(Beside(ProvedEntry.Open(proof, verifier) with { File = path }), p => p.ToPage());
            return Exit.Done;
        }
        catch (Exception wrong) when (wrong is FormatException or LogCorruptException)
        {
            var beside = HandoversOf(path);
            var remedy =
                isGiven && !File.Exists(beside) ? $"if the log's key was ever handed over, it takes {beside}" : null;
            throw new StopException(Exit.No, $"{path} proves nothing: {wrong.Message}", remedy, wrong);
        }
    }

    private static LogVerifier OfHome(Session session)
    {
        LogCommands.RequireLog(session.Home);
        using var storage = LogPlace.OpenReadOnly(session.Home);
        return LogKeys.AllOf(session.Home, KeyHandovers.Of(storage, EntryCodec.HandoverOf));
    }

    private static string Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new StopException(Exit.BadInput, $"--check: there is no file {path}", null);
        return file.Length <= LargestFile
            ? File.ReadAllText(path)
            : throw new FormatException($"it is {file.Length} bytes long, and a proof is at most {LargestFile}");
    }
}
