using System.Diagnostics.CodeAnalysis;
using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>
/// Names a request and says which version answered it, where and when, so that tracing it needs no storage:
/// <c>bank-17.40.mi3k2p1x.1f</c> is mark, instance number, and the Unix time in milliseconds and a number that
/// grows with the gateway's requests, both in base 36.
/// </summary>
public readonly record struct RequestId(Mark Mark, InstanceId Instance, long UnixMilliseconds, long Count)
    : IParsable<RequestId>
{
    public const int MaxLength = 40 + 1 + 10 + 1 + 10 + 1 + Base36.MaxLength + 1 + Base36.MaxLength;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    public override string ToString() => Text(Mark.ToString(), Instance, UnixMilliseconds, Count);

    /// <summary>The same for who has the mark's text already.</summary>
    public static string Text(string mark, InstanceId instance, long unixMilliseconds, long count)
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
        if (s is null || s.Length > MaxLength || s.Split('.') is not [var marked, var instance, var time, var counted])
            return false;
        if (
            !Mark.TryParse(marked, provider, out var mark)
            || !InstanceId.TryParse($"i-{instance}", provider, out var id)
        )
            return false;
        if (!Base36.TryParse(time, out var at) || at > LastMillisecond || !Base36.TryParse(counted, out var count))
            return false;
        result = new RequestId(mark, id, at, count);
        return true;
    }

    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
