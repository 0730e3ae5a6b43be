using System.Buffers;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// What keys, tokens, passwords and card numbers look like. A piece of text is searched for all their
/// beginnings at once; only what begins like one is looked at more closely.
/// </summary>
internal static class SecretShapes
{
    private const int LeastKeyBody = 40;
    private const int LeastRandom = 20;
    private const int LongestValue = 200;
    private const double LeastEntropy = 3.8;

    private static readonly string[] Names =
    [
        "password",
        "passwd",
        "secret",
        "api_key",
        "apikey",
        "api-key",
        "access_key",
        "accesskey",
        "token",
        "private_key",
    ];

    private const string Pem = "-----BEGIN ";

    private static readonly SearchValues<string> Assigned = SearchValues.Create(
        Names,
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Of what is filled in later, or was taken out.</summary>
    private static readonly SearchValues<char> Stand = SearchValues.Create("${}<>%*\\ ");

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> UpperDigits = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    );

    private static readonly SearchValues<char> Words = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    );

    private static readonly SearchValues<char> Base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
    );

    private static readonly (string Begin, string Kind, int Least, SearchValues<char> Letters)[] Tokens =
    [
        ("AKIA", SecretKinds.CloudKey, 16, UpperDigits),
        ("ASIA", SecretKinds.CloudKey, 16, UpperDigits),
        ("AIza", SecretKinds.CloudKey, 35, Words),
        ("ghp_", SecretKinds.Token, 36, Words),
        ("gho_", SecretKinds.Token, 36, Words),
        ("ghs_", SecretKinds.Token, 36, Words),
        ("github_pat_", SecretKinds.Token, 60, Words),
        ("glpat-", SecretKinds.Token, 20, Words),
        ("xoxb-", SecretKinds.Token, 20, Words),
        ("xoxp-", SecretKinds.Token, 20, Words),
        ("sk_live_", SecretKinds.Token, 20, Words),
        ("rk_live_", SecretKinds.Token, 20, Words),
        ("npm_", SecretKinds.Token, 36, Words),
    ];

    private static readonly SearchValues<string> Beginnings = SearchValues.Create(
        [Pem, .. Tokens.Select(t => t.Begin)],
        StringComparison.Ordinal
    );

    /// <param name="isStart">Whether nothing comes before: else its beginning was looked at already.</param>
    /// <param name="isEnd">Whether nothing comes after: else its end is looked at again.</param>
    /// <returns>Kinds, and where each begins in the text.</returns>
    public static List<(string Kind, int At)> In(ReadOnlySpan<char> text, SecretFile file, bool isStart, bool isEnd)
    {
        var found = new List<(string, int)>();
        AddKeys(text, isStart, found);
        AddCards(text, isStart, isEnd, found);
        if (file.IsSettings)
            AddAssigned(text, found);
        return found;
    }

    private static void AddKeys(ReadOnlySpan<char> text, bool isStart, List<(string, int)> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(Beginnings);
            if (next < 0)
                return;
            at += next;
            var rest = text[at..];
            if (rest.StartsWith(Pem, StringComparison.Ordinal))
            {
                if (IsPrivateKey(rest))
                    found.Add((SecretKinds.PrivateKey, at));
            }
            else if (TokenOf(rest) is { } kind && (at == 0 ? isStart : !Words.Contains(text[at - 1])))
                found.Add((kind, at));
        }
    }

    private static string? TokenOf(ReadOnlySpan<char> rest)
    {
        foreach (var (begin, kind, least, letters) in Tokens)
        {
            if (!rest.StartsWith(begin, StringComparison.Ordinal))
                continue;
            var body = rest[begin.Length..];
            var end = body.IndexOfAnyExcept(letters);
            var length = end < 0 ? body.Length : end;
            // Of these, some have a fixed length, and none is a word or a row of one letter.
            var fits = kind == SecretKinds.CloudKey ? length == least : length >= least;
            return fits && Entropy(body[..Math.Min(length, LongestValue)]) > 2.5 ? kind : null;
        }
        return null;
    }

    /// <summary>A heading alone is in every program that reads keys: it must be followed by one.</summary>
    private static bool IsPrivateKey(ReadOnlySpan<char> rest)
    {
        var heading = rest[..Math.Min(rest.Length, 80)];
        var end = heading[Pem.Length..].IndexOf("-----", StringComparison.Ordinal);
        if (end < 0 || !heading[Pem.Length..][..end].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            return false;
        var body = rest[(Pem.Length + end + 5)..];
        body = body[..Math.Min(body.Length, 400)];
        var count = 0;
        foreach (var c in body)
        {
            if (Base64.Contains(c))
                count++;
            // Lines of the file, or of a literal in a program.
            else if (c is not ('\r' or '\n' or '\\' or ' ' or '"' or ',' or ':' or '\t'))
                break;
        }
        return count >= LeastKeyBody;
    }

    private static void AddCards(ReadOnlySpan<char> text, bool isStart, bool isEnd, List<(string, int)> found)
    {
        for (var at = 0; at < text.Length; )
        {
            var next = text[at..].IndexOfAny(Digits);
            if (next < 0)
                return;
            at += next;
            var length = CardNumber.Run(text[at..]);
            var isWhole = (at > 0 || isStart) && (at + length < text.Length || isEnd);
            if (isWhole && IsApart(text, at, length) && CardNumber.Is(text.Slice(at, length)))
                found.Add((SecretKinds.CardNumber, at));
            at += length;
        }
    }

    /// <summary>Part of a word, of a number with a fraction or of an id with dashes is no card's number.</summary>
    private static bool IsApart(ReadOnlySpan<char> text, int at, int length)
    {
        var before = at == 0 ? ' ' : text[at - 1];
        var after = at + length == text.Length ? ' ' : text[at + length];
        return !IsPart(before) && !IsPart(after);
    }

    private static bool IsPart(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '/' or '=' or '%' or (> '\u007f');

    private static void AddAssigned(ReadOnlySpan<char> text, List<(string, int)> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(Assigned);
            if (next < 0)
                return;
            at += next;
            var name = text[at..];
            var end = name.IndexOfAnyExcept(Words);
            if (end < 0)
                return;
            if (Value(name[end..]) is { Length: > 0 } value && KindOf(name[..end], value) is { } kind)
                found.Add((kind, at));
            at += end;
        }
    }

    /// <summary>What stands behind a name: after : or =, with or without quotes, to the end of its line.</summary>
    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestValue + 10)].TrimStart("\"' ");
        if (rest.IsEmpty || rest[0] is not (':' or '='))
            return [];
        rest = rest[1..].TrimStart(' ');
        var isQuoted = !rest.IsEmpty && rest[0] is '"' or '\'';
        var end = isQuoted ? rest[1..].IndexOf(rest[0]) : rest.IndexOfAny("\r\n ,;");
        return isQuoted ? (end < 0 ? [] : rest.Slice(1, end))
            : end < 0 ? rest
            : rest[..end];
    }

    private static string? KindOf(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (value.ContainsAny(Stand) || value.Length > LongestValue)
            return null;
        if (value.Length >= LeastRandom && !value.ContainsAnyExcept(Base64) && Entropy(value) >= LeastEntropy)
            return SecretKinds.RandomKey;
        var isPassword = name.StartsWith("passw", StringComparison.OrdinalIgnoreCase);
        return isPassword && value.Length >= 8 && value.ContainsAny(Digits) && value.ContainsAnyExcept(Digits)
            ? SecretKinds.Password
            : null;
    }

    /// <summary>Shannon's, in bits a character: words have 3 or less, random letters and digits 4 and more.</summary>
    internal static double Entropy(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var c in text)
            counts[Math.Min(c, (char)127)]++;
        var bits = 0.0;
        foreach (var count in counts)
            if (count > 0)
                bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        return bits;
    }
}
