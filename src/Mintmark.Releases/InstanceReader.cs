using static Mintmark.Releases.Event;

namespace Mintmark.Releases;

/// <summary>
/// Reads what happens to instances. <see cref="EntryReader"/> says what is left to the general reader.
/// </summary>
internal static class InstanceReader
{
    public static Event? Read(ReadOnlySpan<byte> kind, ref PlainText text) =>
        kind.SequenceEqual("invariants-reported.1"u8) ? Invariants(ref text)
        : kind.SequenceEqual("instance-health-changed.1"u8) ? HealthChanged(ref text)
        : kind.SequenceEqual("instance-planned.1"u8) ? Planned(ref text)
        : kind.SequenceEqual("instance-started.1"u8) ? Started(ref text)
        : kind.SequenceEqual("instance-stopping.1"u8) ? Stopping(ref text)
        : kind.SequenceEqual("instance-exited.1"u8) ? Exited(ref text)
        : null;

    private static Event? Invariants(ref PlainText text)
    {
        if (!Id(ref text, out var id) || !text.Takes(",\"results\":["u8))
            return null;
        var results = new List<InvariantResult>();
        while (text.Goes(results))
        {
            string? broken = null;
            if (!text.Takes("{"u8) || (text.Takes("\"broken\":\""u8) && !(text.Text(out broken) && text.Takes(","u8))))
                return null;
            if (!text.Takes("\"name\":\""u8) || !text.Text(out string name) || !text.Takes("}"u8))
                return null;
            results.Add(new(name, broken));
        }
        if (!text.Takes("]"u8))
            return null;
        return !text.Takes(",\"step\":"u8) ? new InvariantsReported(id, null, results)
            : text.Number(out int step) ? new InvariantsReported(id, step, results)
            : null;
    }

    private static Event? HealthChanged(ref PlainText text) =>
        text.Takes(",\"healthy\":"u8)
        && text.Bool(out var healthy)
        && Id(ref text, out var id)
        && text.Reason(out var reason)
            ? new InstanceHealthChanged(id, healthy, reason)
            : null;

    private static Event? Planned(ref PlainText text) =>
        Id(ref text, out var id)
        && text.Takes(",\"mark\":\""u8)
        && text.Mark(out var mark)
        && text.Takes(",\"port\":"u8)
        && text.Number(out int port)
            ? new InstancePlanned(id, mark, port)
            : null;

    private static Event? Started(ref PlainText text)
    {
        string? digest = null;
        if (text.Takes(",\"digest\":\""u8) && !text.Text(out digest))
            return null;
        return
            Id(ref text, out var id)
            && text.Takes(",\"pid\":"u8)
            && text.Number(out int pid)
            && text.Takes(",\"startTicks\":"u8)
            && text.Number(out long startTicks)
            ? new InstanceStarted(id, pid, startTicks, digest)
            : null;
    }

    private static Event? Stopping(ref PlainText text) =>
        Id(ref text, out var id) && text.Reason(out var reason) ? new InstanceStopping(id, reason) : null;

    private static Event? Exited(ref PlainText text)
    {
        int? code = null;
        if (text.Takes(",\"exitCode\":"u8))
        {
            if (!text.Number(out int exited))
                return null;
            code = exited;
        }
        return Id(ref text, out var id) && text.Reason(out var reason) ? new InstanceExited(id, code, reason) : null;
    }

    private static bool Id(ref PlainText text, out InstanceId id)
    {
        id = default;
        if (!text.Takes(",\"instance\":\"i-"u8) || !text.Text(out ReadOnlySpan<byte> digits))
            return false;
        var isOne = Numbered.TryParse(digits, out var number);
        id = new(number);
        return isOne;
    }
}
