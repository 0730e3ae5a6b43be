using System.Diagnostics.CodeAnalysis;
using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>
/// Names a request and says which version answered it, where and when, so that tracing it needs no storage:
/// <c>bank-17.40.mi3k2p1x.1f</c> is mark, instance number, and the Unix time in milliseconds and a number that
/// grows with the gateway's requests, both in base 36. Of a gateway beside the first its name follows:
/// <c>bank-17.40.mi3k2p1x.1f.7481</c>.
/// </summary>
/// <param name="Gateway">Null for the first one, and in ids of before they were told apart.</param>
public readonly record struct RequestId(
    Mark Mark,
    InstanceId Instance,
    long UnixMilliseconds,
    long Count,
    string? Gateway = null
) : IParsable<RequestId>
{
    public const int LongestGateway = 32;

    public const int MaxLength =
        40 + 1 + 10 + 1 + 10 + 1 + Base36.MaxLength + 1 + Base36.MaxLength + 1 + LongestGateway;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    public override string ToString() => Text(Mark.ToString(), Instance, UnixMilliseconds, Count, Gateway);

    /// <summary>The same for who has the mark's text already.</summary>
    public static string Text(
        string mark,
        InstanceId instance,
        long unixMilliseconds,
        long count,
        string? gateway = null
    )
    {
        Span<char> text = stackalloc char[MaxLength];
        mark.CopyTo(text);
        var length = mark.Length;
        text[length++] = '.';
        instance.Number.TryFormat(text[length..], out var digits);
        length += digits;
        text[length++] = '.';
        length += Base36.Format(unixMilliseconds, text[length..]);
        text[length++] = '.';
        length += Base36.Format(count, text[length..]);
        if (gateway is not null)
        {
            text[length++] = '.';
            gateway.CopyTo(text[length..]);
            length += gateway.Length;
        }
        return text[..length].ToString();
    }

    public static RequestId Parse(string s) => Parse(s, provider: null);

    public static RequestId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id)
            ? id
            : throw new FormatException($"'{s}' is no request, such as bank-17.40.mi3k2p1x.1f");

    public static bool TryParse([NotNullWhen(true)] string? s, out RequestId result) =>
        TryParse(s, provider: null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RequestId result)
    {
        result = default;
        if (s is null || s.Length > MaxLength)
            return false;
        if (s.Split('.') is not [var marked, var instance, var time, var counted, .. { Length: <= 1 } rest])
            return false;
        if (rest is [var gateway] && !IsName(gateway))
            return false;
        if (
            !Mark.TryParse(marked, provider, out var mark)
            || !InstanceId.TryParse($"i-{instance}", provider, out var id)
        )
            return false;
        if (!Base36.TryParse(time, out var at) || at > LastMillisecond || !Base36.TryParse(counted, out var count))
            return false;
        result = new RequestId(mark, id, at, count, rest.FirstOrDefault());
        return true;
    }

    private static bool IsName(string gateway) =>
        gateway.Length is > 0 and <= LongestGateway
        && gateway.All(c => char.IsAsciiLetterLower(c) || c == '-' || char.IsAsciiDigit(c));

    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
