using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>Name of a service: 1 to 40 of a-z, 0-9 and '-', starting with a letter and not ending with '-'.</summary>
[JsonConverter(typeof(TextConverter<ServiceName>))]
public readonly record struct ServiceName : IParsable<ServiceName>, IComparable<ServiceName>
{
    public const string Accepted =
        "1 to 40 characters of a-z, 0-9 and '-', starting with a letter and not ending with '-' (such as bank)";

    private const int Longest = 40;
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public ServiceName(string value) =>
        Value = IsName(value) ? value : throw new FormatException($"'{value}' is no service name: {Accepted}");

    public string Value { get; }

    public static ServiceName Parse(string s) => Parse(s, provider: null);

    public static ServiceName Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ServiceName result)
    {
        var ok = s is not null && IsName(s);
        result = ok ? new ServiceName(s!) : default;
        return ok;
    }

    public int CompareTo(ServiceName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    private static bool IsName(string value) =>
        value.Length is >= 1 and <= Longest
        && char.IsAsciiLetterLower(value[0])
        && value[^1] != '-'
        && !value.AsSpan().ContainsAnyExcept(Letters);
}

/// <summary>A version's serial number, such as bank-17: the service and its count of builds.</summary>
[JsonConverter(typeof(TextConverter<Mark>))]
public readonly record struct Mark(ServiceName Service, int Number) : IParsable<Mark>, IComparable<Mark>
{
    public static Mark Parse(string s) => Parse(s, provider: null);

    public static Mark Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var mark) ? mark : throw new FormatException($"'{s}' is no mark, such as bank-17");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Mark result)
    {
        result = default;
        var dash = s?.LastIndexOf('-') ?? -1;
        if (dash < 1 || !ServiceName.TryParse(s![..dash], provider, out var service))
            return false;
        if (!Numbered.TryParse(s.AsSpan(dash + 1), out var number))
            return false;
        result = new Mark(service, number);
        return true;
    }

    public int CompareTo(Mark other)
    {
        var byService = Service.CompareTo(other.Service);
        return byService != 0 ? byService : Number.CompareTo(other.Number);
    }

    public override string ToString() => $"{Service}-{Number}";
}

/// <summary>One attempt to bring a version into service, such as rel-12; counted over all services.</summary>
[JsonConverter(typeof(TextConverter<ReleaseId>))]
public readonly record struct ReleaseId(int Number) : IParsable<ReleaseId>, IComparable<ReleaseId>
{
    private const string Prefix = "rel-";

    public static ReleaseId Parse(string s) => Parse(s, provider: null);

    public static ReleaseId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no release, such as rel-12");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReleaseId result)
    {
        result = default;
        if (s is null || !s.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (!Numbered.TryParse(s.AsSpan(Prefix.Length), out var number))
            return false;
        result = new ReleaseId(number);
        return true;
    }

    public int CompareTo(ReleaseId other) => Number.CompareTo(other.Number);

    public override string ToString() => Prefix + Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One running copy of a version, such as i-40; counted over all services and never used again.</summary>
[JsonConverter(typeof(TextConverter<InstanceId>))]
public readonly record struct InstanceId(int Number) : IParsable<InstanceId>, IComparable<InstanceId>
{
    private const string Prefix = "i-";

    public static InstanceId Parse(string s) => Parse(s, provider: null);

    public static InstanceId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no instance, such as i-40");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out InstanceId result)
    {
        result = default;
        if (s is null || !s.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (!Numbered.TryParse(s.AsSpan(Prefix.Length), out var number))
            return false;
        result = new InstanceId(number);
        return true;
    }

    public int CompareTo(InstanceId other) => Number.CompareTo(other.Number);

    public override string ToString() => Prefix + Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Who said it: a person ("alice") or a reconciler ("mintmark/ship").</summary>
[JsonConverter(typeof(TextConverter<Actor>))]
public readonly record struct Actor(string Name) : IParsable<Actor>
{
    public static Actor Parse(string s) => Parse(s, provider: null);

    public static Actor Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Actor result)
    {
        result = new Actor(s ?? "");
        return s is not null;
    }

    public override string ToString() => Name;
}

/// <summary>A share of traffic in basis points, 0 to 10,000: 25 % is 2,500.</summary>
[JsonConverter(typeof(ShareConverter))]
public readonly record struct Share : IComparable<Share>
{
    public const int Whole = 10_000;

    public Share(int basisPoints) =>
        BasisPoints = basisPoints is >= 0 and <= Whole
            ? basisPoints
            : throw new FormatException($"a share is 0 to {Whole} basis points, not {basisPoints}");

    public int BasisPoints { get; }

    public double Fraction => BasisPoints / (double)Whole;

    public int CompareTo(Share other) => BasisPoints.CompareTo(other.BasisPoints);

    public override string ToString() => $"{BasisPoints / 100m:0.##} %";
}

internal static class Numbered
{
    /// <summary>Canonical positive decimals only: "017" and "+17" would give one thing two names.</summary>
    public static bool TryParse(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number > 0
        && digits[0] != '0';

    public static bool TryParse(ReadOnlySpan<byte> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number > 0
        && digits[0] != '0';
}
