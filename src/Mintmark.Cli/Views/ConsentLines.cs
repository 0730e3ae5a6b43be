using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>What people said of a release, and what it was put through before its traffic.</summary>
internal static class ConsentLines
{
    public static void AddTo(Page page, Release release)
    {
        foreach (var approval in release.Approvals)
            page.Field(
                "approved",
                $"by {approval.By} at {Words.Time(approval.At)}, {Words.Digest(approval.Digest)}: {approval.Reason}"
            );
        if (release.Rehearsal is { } rehearsal)
            page.Field("rehearsed", Rehearsed(rehearsal));
        if (release.EmergencyReview is { } review)
            page.Field("reviewed", $"by {review.By} at {Words.Time(review.At)}: {review.Reason}");
        else if (release is { Emergency: true, Outcome: null or Outcome.Promoted or Outcome.RolledBack })
            page.Field(
                "reviewed",
                new Ink("not yet: by neither of those who made it, and it holds the next release", Tone.Bad)
            );
    }

    private static Ink Rehearsed(Rehearsal rehearsal) =>
        rehearsal.Ended is null
            ? new("its halt is being tried", Tone.Waiting)
            : Ink.Of(rehearsal.Stopped, $"its halt: {rehearsal.Found}");
}
