using static Mintmark.Releases.Event;

namespace Mintmark.Releases;

/// <summary>
/// Reads how a release goes on once it is built. <see cref="EntryReader"/> says what is left to the general reader.
/// </summary>
internal static class ReleaseReader
{
    public static Event? Read(ReadOnlySpan<byte> kind, ref PlainText text) =>
        kind.SequenceEqual("gate-decided.1"u8) ? GateReader.Decided(ref text)
        : kind.SequenceEqual("release-admitted.1"u8) ? Admitted(ref text)
        : kind.SequenceEqual("step-taken.2"u8) ? StepTaken(ref text)
        : kind.SequenceEqual("verdict-reached.1"u8) ? VerdictReached(ref text)
        : !text.Release(out var release) ? null
        : kind.SequenceEqual("promoted.1"u8) ? new Promoted(release)
        : kind.SequenceEqual("guard-ended.1"u8) ? new GuardEnded(release)
        : null;

    private static Event? Admitted(ref PlainText text)
    {
        Mark? baseline = null;
        if (text.Takes(",\"baseline\":\""u8))
        {
            if (!text.Mark(out var serving))
                return null;
            baseline = serving;
        }
        return text.Release(out var release) ? new ReleaseAdmitted(release, baseline) : null;
    }

    private static Event? StepTaken(ref PlainText text) =>
        text.Takes(",\"pastRates\":{"u8)
        && CountsReader.Amounts(ref text, out var rates)
        && text.Release(out var release)
        && text.Takes(",\"share\":"u8)
        && text.Number(out int share)
        && share <= Share.Whole
        && text.Takes(",\"step\":"u8)
        && text.Number(out int step)
        && text.Takes(",\"thresholds\":{"u8)
        && CountsReader.Counts(ref text, out var thresholds)
            ? new StepTaken(release, step, new(share), thresholds, rates)
            : null;

    private static Event? VerdictReached(ref PlainText text)
    {
        decimal? evidence = null;
        if (text.Takes(",\"logEvidence\":\""u8))
        {
            var isNegative = text.Takes("-"u8);
            if (!text.Amount(out var weighed))
                return null;
            evidence = isNegative ? -weighed : weighed;
        }
        if (!text.Reason(out var reason) || !text.Release(out var release))
            return null;
        long? seen = null;
        if (text.Takes(",\"seen\":"u8))
        {
            if (!text.Number(out long entries))
                return null;
            seen = entries;
        }
        return
            text.Takes(",\"step\":"u8)
            && text.Number(out int step)
            && text.Takes(",\"verdict\":\""u8)
            && text.Text(out ReadOnlySpan<byte> name)
            && Verdict(name) is { } verdict
            ? new VerdictReached(release, step, verdict, reason, evidence, seen)
            : null;
    }

    private static Verdict? Verdict(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("good-enough"u8) ? Releases.Verdict.GoodEnough
        : name.SequenceEqual("worse"u8) ? Releases.Verdict.Worse
        : name.SequenceEqual("not-enough-evidence"u8) ? Releases.Verdict.NotEnoughEvidence
        : null;
}
