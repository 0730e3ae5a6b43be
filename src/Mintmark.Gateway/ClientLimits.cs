using System.Globalization;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway;

/// <summary>What clients may take of a gateway. Each is a whole number.</summary>
/// <param name="Connections">Open at once, in all; null for 20,000, or for three quarters of the descriptors that the
/// process may have, where these are fewer.</param>
/// <param name="Each">Of these by one IPv4 address or one /64 of IPv6; null for 512, and of loopback addresses, behind
/// which may be a proxy for many, for as many as there may be in all.</param>
/// <param name="Head">Seconds for all of a request's head, and for the handshake of TLS.</param>
/// <param name="Idle">Seconds that a connection may wait for its next request.</param>
/// <param name="Rate">Bytes a second, of content that a client sends and of an answer that it reads.</param>
/// <param name="Grace">Seconds before the rate counts.</param>
/// <param name="Stall">Seconds that a client may take nothing of what it is sent.</param>
/// <param name="Headers">Fields of one request.</param>
/// <param name="HeaderBytes">Of all of them together.</param>
/// <param name="Streams">Of one connection of HTTP/2 at once.</param>
/// <param name="Requests">Under way at once of one address, as in <paramref name="Each"/>; null for 1,000, and of
/// loopback addresses for as many as there may be connections.</param>
public sealed record ClientLimits(
    int? Connections = null,
    int? Each = null,
    int Head = 15,
    int Idle = 130,
    int Rate = 240,
    int Grace = 10,
    int Stall = 60,
    int Headers = 100,
    int HeaderBytes = 32 << 10,
    int Streams = 100,
    int? Requests = null
)
{
    public const string Accepted =
        "connections=1..1000000, each=1..1000000, head=1..600, idle=1..3600, rate=1..1000000, grace=2..600, "
        + "stall=1..3600, headers=10..1000, header-bytes=1024..1048576, streams=1..1000, "
        + "requests=1..1000000, with commas between";

    private const int MostConnections = 20_000;
    private const int MostOfOne = 512;
    private const int MostRequestsOfOne = 1_000;

    internal CrowdLimits Crowd
    {
        get
        {
            var inAll = Connections ?? (int)Math.Min(MostConnections, Libc.MostDescriptors() * 3 / 4);
            return new CrowdLimits(
                inAll,
                Each ?? MostOfOne,
                Each ?? inAll,
                Requests ?? MostRequestsOfOne,
                Requests ?? inAll
            );
        }
    }

    internal TimeSpan HeadWithin => TimeSpan.FromSeconds(Head);

    internal TimeSpan GraceWithin => TimeSpan.FromSeconds(Grace);

    internal TimeSpan StallWithin => TimeSpan.FromSeconds(Stall);

    /// <exception cref="FormatException">Says what is wrong and what is accepted.</exception>
    public static ClientLimits Parse(string? text)
    {
        var limits = new ClientLimits();
        if (text is null)
            return limits;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals];
            int Value(int least, int most) =>
                int.TryParse(part.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= least
                && value <= most
                    ? value
                    : throw new FormatException($"--client-limits: '{part}' is none of {Accepted}");
            limits = name switch
            {
                "connections" => limits with { Connections = Value(1, 1_000_000) },
                "each" => limits with { Each = Value(1, 1_000_000) },
                "head" => limits with { Head = Value(1, 600) },
                "idle" => limits with { Idle = Value(1, 3_600) },
                "rate" => limits with { Rate = Value(1, 1_000_000) },
                "grace" => limits with { Grace = Value(2, 600) },
                "stall" => limits with { Stall = Value(1, 3_600) },
                "headers" => limits with { Headers = Value(10, 1_000) },
                "header-bytes" => limits with { HeaderBytes = Value(1 << 10, 1 << 20) },
                "streams" => limits with { Streams = Value(1, 1_000) },
                "requests" => limits with { Requests = Value(1, 1_000_000) },
                _ => throw new FormatException($"--client-limits: '{part}' is none of {Accepted}"),
            };
        }
        return limits;
    }
}
