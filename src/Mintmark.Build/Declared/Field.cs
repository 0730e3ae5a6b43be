using System.Globalization;
using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>The kinds of values in a manifest.</summary>
internal static partial class Fields
{
    private const int LongestCommand = 4000;
    private const int LongestPath = 200;

    public static readonly Field<ServiceName> Name = new(
        ServiceName.Accepted,
        (YamlNode.Scalar s, out ServiceName value) => ServiceName.TryParse(s.Text, null, out value)
    );

    public static readonly Field<string> Profile = new(
        $"one of {string.Join(", ", Profiles.All)}",
        (YamlNode.Scalar s, out string value) => Profiles.All.Contains(value = s.Text),
        Profiles.All
    );

    private static readonly Dictionary<string, WithoutEvidence> Policies = Enum.GetValues<WithoutEvidence>()
        .ToDictionary(p => p.ToString().ToLowerInvariant());

    public static readonly Field<WithoutEvidence> WithoutEvidence = new(
        $"one of {string.Join(", ", Policies.Keys)}",
        (YamlNode.Scalar s, out WithoutEvidence value) => Policies.TryGetValue(s.Text, out value),
        [.. Policies.Keys]
    );

    public static readonly Field<string> Command = new(
        $"a shell command of at most {LongestCommand} characters (in quotes where it looks like a number)",
        (YamlNode.Scalar s, out string value) =>
            !string.IsNullOrWhiteSpace(value = s.Text)
            && IsText(s)
            && value.Length <= LongestCommand
            && !value.Contains('\0', StringComparison.Ordinal)
    );

    public static readonly Field<string> RepositoryFile = new(
        RepositoryPath.Accepted,
        (YamlNode.Scalar s, out string value) => RepositoryPath.IsInside(value = s.Text) && IsText(s)
    );

    public static readonly Field<string> UrlPath = new(
        $"the path of an address, such as /health, of at most {LongestPath} characters",
        (YamlNode.Scalar s, out string value) => UrlPattern().IsMatch(value = s.Text)
    );

    public static readonly Field<decimal> FalseRollback = new(
        "a number above 0 and up to 0.05, such as 0.0001",
        (YamlNode.Scalar s, out decimal value) => TryNumber(s, out value) && value is > 0 and <= 0.05m
    );

    public static readonly Field<decimal> ToleratedRatio = new(
        "a number above 1 and up to 100, such as 2",
        (YamlNode.Scalar s, out decimal value) => TryNumber(s, out value) && value is > 1 and <= 100
    );

    public static readonly Field<string> Signal = new(
        "a name of 1 to 40 of a-z, 0-9 and '-', starting with a letter, such as declined",
        (YamlNode.Scalar s, out string value) => SignalPattern().IsMatch(value = s.Text) && IsText(s)
    );

    public static readonly Field<bool> Reproducible = new(
        "required or no",
        (YamlNode.Scalar s, out bool value) =>
        {
            value = s.Text == "required";
            return s.Text is "required" or "no";
        },
        ["required", "no"]
    );

    public static readonly Field<Assignment> Assignment = new(
        "client or request",
        (YamlNode.Scalar s, out Assignment value) =>
        {
            value = s.Text == "request" ? Releases.Assignment.Request : Releases.Assignment.Client;
            return s.Text is "client" or "request";
        },
        ["client", "request"]
    );

    public static readonly Field<InFlight> InFlight = new(
        "drain or cut",
        (YamlNode.Scalar s, out InFlight value) =>
        {
            value = s.Text == "cut" ? Releases.InFlight.Cut : Releases.InFlight.Drain;
            return s.Text is "drain" or "cut";
        },
        ["drain", "cut"]
    );

    public static readonly Field<bool> YesOrNo = new(
        "true or false",
        (YamlNode.Scalar s, out bool value) =>
        {
            value = s.Text == "true";
            return s.Plain && s.Text is "true" or "false";
        },
        ["true", "false"]
    );

    public static readonly Field<string> Client = new(
        "a client as it names itself in Mint-Client, of 1 to 200 characters (in quotes where it looks like a number)",
        (YamlNode.Scalar s, out string value) =>
            (value = s.Text).Length is > 0 and <= 200 && IsText(s) && value.AsSpan().Trim().Length == value.Length
    );

    public static readonly Field<string> Cohort = new(
        "a header and its value, in quotes, such as 'X-Tenant: acme'",
        (YamlNode.Scalar s, out string value) => CohortPattern().IsMatch(value = s.Text)
    );

    public static readonly Field<Protocol> Protocol = new(
        "http1 or h2c",
        (YamlNode.Scalar s, out Protocol value) =>
        {
            value = s.Text == "h2c" ? Releases.Protocol.H2c : Releases.Protocol.Http1;
            return s.Text is "http1" or "h2c";
        },
        ["http1", "h2c"]
    );

    public static readonly Field<Money> Value = new(
        Money.Accepted,
        (YamlNode.Scalar s, out Money value) =>
        {
            var read = Money.TryParse(s.Text, out Money? money) && money!.Amount > 0;
            value = money!;
            return read;
        }
    );

    public static readonly Field<Share> Share = new(
        "a share of traffic from 0.01% to 99%, such as 5%",
        (YamlNode.Scalar s, out Share value) =>
        {
            var read = Quantity.TryBasisPoints(s.Text, out var basisPoints) && basisPoints is >= 1 and <= 9900;
            value = read ? new Share(basisPoints) : default;
            return read;
        }
    );

    public static readonly Field<Share> ShadowShare = new(
        "a share of requests from 0.01% to 100%, such as 10%",
        (YamlNode.Scalar s, out Share value) =>
        {
            var read = Quantity.TryBasisPoints(s.Text, out var basisPoints) && basisPoints is >= 1 and <= 10_000;
            value = read ? new Share(basisPoints) : default;
            return read;
        }
    );

    public static readonly Field<Share> Holdback = new(
        "a share of traffic from 0% to 50%, such as 5%",
        (YamlNode.Scalar s, out Share value) =>
        {
            var read = Quantity.TryBasisPoints(s.Text, out var basisPoints) && basisPoints is >= 0 and <= 5000;
            value = read ? new Share(basisPoints) : default;
            return read;
        }
    );

    public static Field<int> Seconds(long least, long most) =>
        new(
            $"a time from {Quantity.Duration(least)} to {Quantity.Duration(most)} in whole s, m, h or d, such as 10m",
            (YamlNode.Scalar s, out int value) =>
            {
                var read = Quantity.TrySeconds(s.Text, out var seconds) && seconds >= least && seconds <= most;
                value = read ? (int)seconds : 0;
                return read;
            }
        );

    public static Field<long> Milliseconds(long least, long most) =>
        new(
            $"a time from {Quantity.ShortDuration(least)} to {Quantity.ShortDuration(most)} in whole ms, s, m or h, "
                + "such as 30s",
            (YamlNode.Scalar s, out long value) =>
                Quantity.TryMilliseconds(s.Text, out value) && value >= least && value <= most
        );

    public static Field<long> Bytes(long least, long most) =>
        new(
            $"a size from {Quantity.Size(least)} to {Quantity.Size(most)} in whole M, G or T, such as 512M",
            (YamlNode.Scalar s, out long value) =>
                Quantity.TryBytes(s.Text, out value) && value >= least && value <= most
        );

    public static Field<int> Count(int least, int most) =>
        new(
            $"a whole number from {least} to {most}",
            (YamlNode.Scalar s, out int value) =>
                int.TryParse(s.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && s.Plain
                && value >= least
                && value <= most
        );

    private static bool IsText(YamlNode.Scalar s) => !s.Plain || YamlScalar.KindOf(s.Text) == YamlKind.Text;

    private static bool TryNumber(YamlNode.Scalar s, out decimal value) =>
        decimal.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && s.Plain
        && s.Text.Length <= 20;

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,39}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SignalPattern();

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}: [!-~]([ -~]{0,198}[!-~])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CohortPattern();

    [GeneratedRegex(@"^/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,199}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UrlPattern();
}
