using System.CommandLine;
using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Evidence of builds: taken from the home folder, checked without it.</summary>
internal static class EvidenceCommands
{
    public static Verb Create(Frame frame) =>
        new Verb(
            "evidence",
            "Hand out what is kept of how a version was made, or check what was handed out.",
            "mint evidence export bank-17 bank-17-evidence",
            "mint evidence verify bank-17-evidence"
        )
        {
            Export(frame),
            Verify(frame),
        };

    private static Verb Export(Frame frame)
    {
        var mark = Given.Argument<Mark>("MARK", "Such as bank-17", ArgumentArity.ExactlyOne);
        var folder = Given.Text("DIR", "A folder that is not there yet", ArgumentArity.ExactlyOne);
        var export = new Verb(
            "export",
            "Write a version's bill of materials, provenance, test results and gate decision, "
                + "with proofs from the log.",
            "mint evidence export bank-17 bank-17-evidence"
        )
        {
            mark,
            folder,
        };
        export.SetAction(given =>
        {
            var session = frame.Open(given);
            var target = Path.GetFullPath(Path.Combine(session.Terminal.Folder, given.GetRequiredValue(folder)!));
            if (Path.Exists(target))
                throw new StopException(Exit.BadInput, $"{target} is there already", "name a folder that is not");
            session.Print(Write(session.Home, given.GetRequiredValue(mark)!.Value, target), e => e.ToPage());
            return Exit.Done;
        });
        return export;
    }

    private static EvidenceExported Write(Home home, Mark mark, string target)
    {
        LogCommands.RequireLog(home);
        using var storage = LogPlace.OpenReadOnly(home);
        using var key = StatementKey.LoadOrCreate(home.BuilderKey);
        var export = new EvidenceExport(storage, new KeptBodies(home.Evidence), key, home.Results);
        try
        {
            return new EvidenceExported(mark, target, export.Write(mark, target, LogKeys.TextOfHome(home)));
        }
        catch (EvidenceException no)
        {
            throw new StopException(Exit.BadInput, no.Message, null, no);
        }
    }

    private static Verb Verify(Frame frame)
    {
        var folder = Given.Text("DIR", "Folder that 'evidence export' wrote", ArgumentArity.ExactlyOne);
        var key = new Option<string?>("--key")
        {
            Description = "File with the log's public key, as you had it from elsewhere [default: the folder's own]",
            HelpName = "FILE",
        };
        var verify = new Verb(
            "verify",
            "Check exported evidence offline: signatures, digests, and that the log has what it rests on.",
            "mint evidence verify bank-17-evidence --key key-of-the-log"
        )
        {
            folder,
            key,
        };
        verify.SetAction(given =>
        {
            var session = frame.Open(given);
            var path = Path.GetFullPath(Path.Combine(session.Terminal.Folder, given.GetRequiredValue(folder)!));
            if (!Directory.Exists(path))
                throw new StopException(
                    Exit.BadInput,
                    $"there is no folder {path}",
                    "make one with: mint evidence export"
                );
            var trusted = given.GetValue(key);
            using var verifier = LogKeys.Read(
                trusted is { Length: > 0 }
                    ? Path.Combine(session.Terminal.Folder, trusted)
                    : Path.Combine(path, EvidenceExport.KeyName)
            );
            var verdict = EvidenceVerified.From(path, trusted is { Length: > 0 }, EvidenceCheck.Of(path, verifier));
            session.Print(verdict, v => v.ToPage());
            return verdict.Verified ? Exit.Done : Exit.No;
        });
        return verify;
    }
}
