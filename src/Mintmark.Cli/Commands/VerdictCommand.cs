using System.CommandLine;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Watch;

namespace Mintmark.Cli;

internal static class VerdictCommand
{
    public static Verb Create(Frame frame) =>
        new Verb("verdict", "Look at what the judge decided.", "mint verdict replay rel-12") { Replay(frame) };

    private static Verb Replay(Frame frame)
    {
        var release = Given.Argument<ReleaseId>("RELEASE", "Such as rel-12", ArgumentArity.ExactlyOne);
        var folder = Given.Text(
            "DIR",
            "Folder of an export [default: the log of the home folder]",
            ArgumentArity.ZeroOrOne
        );
        var replay = new Verb(
            "replay",
            "Compute a release's verdicts again from the log, and hold them against what was recorded.",
            "mint verdict replay rel-12",
            "mint verdict replay rel-12 audit-2025"
        )
        {
            release,
            folder,
        };
        replay.SetAction(given =>
        {
            var session = frame.Open(given);
            var id = given.GetRequiredValue(release)!.Value;
            var replayed = given.GetValue(folder) is { Length: > 0 } export
                ? OfExport(LogCommands.ExportIn(session.Terminal, export), id)
                : OfHome(session, id);
            session.Print(replayed, ReplayView.Of);
            return replayed.Same ? Exit.Done : Exit.No;
        });
        return replay;
    }

    private static Replayed OfExport(string folder, ReleaseId id) => Of(folder, LogExport.Read(folder), id);

    /// <summary>Read beside the control plane that writes to it, or without one.</summary>
    private static Replayed OfHome(Session session, ReleaseId id)
    {
        LogCommands.RequireLog(session.Home);
        using var storage = LogPlace.OpenReadOnly(session.Home);
        return Of(LogPlace.TextOf(session.Home), storage.Read(0), id);
    }

    private static Replayed Of(string log, IEnumerable<StoredEntry> entries, ReleaseId id) =>
        VerdictReplay.Of(Journal.Replay.Each(entries), id) is { } verdicts
            ? new Replayed(log, id, verdicts.All(v => v.Same), verdicts)
            : throw new StopException(Exit.BadInput, $"there is no {id} in {log}", "'mint releases' lists them");
}

/// <summary>What 'verdict replay' found; its --json.</summary>
/// <param name="Of">The log file, or the folder of an export.</param>
/// <param name="Same">Whether every verdict came to the number that the log keeps.</param>
internal sealed record Replayed(string Of, ReleaseId Release, bool Same, IReadOnlyList<ReplayedVerdict> Verdicts);
