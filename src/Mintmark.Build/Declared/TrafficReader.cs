using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>How a service's requests are to be treated on their way.</summary>
internal static class TrafficReader
{
    private const long Second = 1_000;
    private const long Hour = 3_600 * Second;

    public static Timeouts? Timeouts(Section root)
    {
        if (root.Find("timeouts") is null)
            return null;
        var given = root.Optional("timeouts");
        var usual = Releases.Timeouts.Usual;
        return new Timeouts(
            given.Optional("connect", Fields.Milliseconds(100, 60 * Second), usual.ConnectMilliseconds),
            given.Optional("headers", Fields.Milliseconds(100, Hour), usual.HeadersMilliseconds),
            given.Optional("idle", Fields.Milliseconds(100, Hour), usual.IdleMilliseconds),
            given.Find("total") is null ? null : given.Optional("total", Fields.Milliseconds(100, 24 * Hour), 0)
        );
    }

    public static InFlight? OnHalt(Section root)
    {
        var halt = root.Optional("halt");
        return halt.Find("in-flight") is null ? null : halt.Optional("in-flight", Fields.InFlight, InFlight.Drain);
    }
}
