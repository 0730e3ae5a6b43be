using static Mintmark.Releases.Event;

namespace Mintmark.Releases;

/// <summary>
/// Reads what the gate and people say of a release, and how its kill is rehearsed. <see cref="EntryReader"/> says what
/// is left to the general reader.
/// </summary>
internal static class GateReader
{
    public static Event? Read(ReadOnlySpan<byte> kind, ref PlainText text) =>
        kind.SequenceEqual("gate-waits.1"u8) ? Waits(ref text)
        : kind.SequenceEqual("release-approved.1"u8) ? Approved(ref text)
        : kind.SequenceEqual("commit-reviewed.1"u8) ? Reviewed(ref text)
        : kind.SequenceEqual("rehearsal-begun.1"u8) ? Begun(ref text)
        : kind.SequenceEqual("rehearsal-lifted.1"u8) ? Lifted(ref text)
        : kind.SequenceEqual("kill-rehearsed.1"u8) ? Rehearsed(ref text)
        : null;

    public static Event? Decided(ref PlainText text) =>
        Results(ref text, out var controls, out var policy) && text.Release(out var release)
            ? new GateDecided(release, controls, policy)
            : null;

    private static Event? Waits(ref PlainText text) =>
        Results(ref text, out var controls, out var policy) && text.Release(out var release)
            ? new GateWaits(release, controls, policy)
            : null;

    private static bool Results(ref PlainText text, out List<ControlResult> controls, out string? policy)
    {
        (controls, policy) = ([], null);
        if (!text.Takes(",\"controls\":["u8))
            return false;
        while (text.Goes(controls))
        {
            if (Result(ref text) is not { } result)
                return false;
            controls.Add(result);
        }
        return text.Takes("]"u8) && (!text.Takes(",\"policy\":\""u8) || text.Text(out policy));
    }

    private static ControlResult? Result(ref PlainText text)
    {
        if (!text.Takes("{\"control\":\""u8) || !text.Text(out string control))
            return null;
        if (!text.Takes(",\"passed\":"u8) || !text.Bool(out var passed) || !text.Reason(out var reason))
            return null;
        string? remedy = null;
        if (text.Takes(",\"remedy\":\""u8) && !text.Text(out remedy))
            return null;
        Standing? standing = null;
        if (text.Takes(",\"standing\":\""u8))
        {
            if (!text.Text(out ReadOnlySpan<byte> name) || (standing = StandingOf(name)) is null)
                return null;
        }
        return text.Takes("}"u8) ? new(control, passed, reason, standing, remedy) : null;
    }

    private static Standing? StandingOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("observed"u8) ? Standing.Observed
        : name.SequenceEqual("not-covered"u8) ? Standing.NotCovered
        : name.SequenceEqual("awaited"u8) ? Standing.Awaited
        : name.SequenceEqual("later"u8) ? Standing.Later
        : null;

    private static Event? Approved(ref PlainText text) =>
        text.Takes(",\"digest\":\""u8)
        && text.Text(out string digest)
        && text.Reason(out var reason)
        && text.Release(out var release)
            ? new ReleaseApproved(release, digest, reason)
            : null;

    private static Event? Reviewed(ref PlainText text) =>
        text.Takes(",\"commit\":\""u8)
        && text.Text(out string commit)
        && text.Reason(out var reason)
        && text.Takes(",\"service\":\""u8)
        && text.Text(out string name)
        && ServiceName.TryParse(name, provider: null, out var service)
            ? new CommitReviewed(service, commit, reason)
            : null;

    private static Event? Begun(ref PlainText text) =>
        text.Release(out var release) ? new RehearsalBegun(release) : null;

    private static Event? Lifted(ref PlainText text) =>
        text.Takes(",\"milliseconds\":"u8) && text.Number(out long milliseconds) && text.Release(out var release)
            ? new RehearsalLifted(release, milliseconds)
            : null;

    private static Event? Rehearsed(ref PlainText text) =>
        text.Takes(",\"found\":\""u8)
        && text.Text(out string found)
        && text.Takes(",\"milliseconds\":"u8)
        && text.Number(out long milliseconds)
        && text.Release(out var release)
        && text.Takes(",\"stopped\":"u8)
        && text.Bool(out var stopped)
            ? new KillRehearsed(release, stopped, found, milliseconds)
            : null;
}
