using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mintmark.Gateway;

/// <summary>Who calls: the client's own header, else the gateway's cookie, else somebody new.</summary>
/// <param name="NewCookie">Where the key was made for this request, which is a unit of its own; else null.</param>
readonly record struct Caller(string Key, string? NewCookie)
{
    public const string Header = "Mint-Client";
    public const string Cookie = "mint-client";

    private static readonly CookieOptions Options = new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
    };

    public bool IsNew => NewCookie is not null;

    public void Keep(HttpResponse response) => response.Cookies.Append(Cookie, NewCookie!, Options);
}

/// <summary>
/// Gives out cookies and knows its own: 128 random bits and the first 128 of their HMAC-SHA256, in hexadecimal. So who
/// wants a certain version cannot make up keys until one draws it.
/// </summary>
/// <param name="secret">The gateway's, from which the key of cookies is derived.</param>
sealed class Callers(byte[] secret)
{
    private const int KeyDigits = 32;
    private const int TagDigits = 32;
    private const string Start = Caller.Cookie + "=";

    private readonly byte[] cookieKey = HMACSHA256.HashData(secret, "mint-client cookie"u8);

    public Caller Of(HttpRequest request)
    {
        var named = request.Headers[Caller.Header];
        if (named.Count > 0 && !string.IsNullOrEmpty(named[0]))
            return new Caller(named.ToString(), NewCookie: null);
        if (request.Headers.Cookie.Count > 0 && KeyIn(CookieIn(request.Headers.Cookie)) is { } known)
            return new Caller(known, NewCookie: null);
        var key = RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true);
        return new Caller(key, string.Create(KeyDigits + TagDigits, (this, key), Write));
    }

    private static void Write(Span<char> cookie, (Callers Callers, string Key) made)
    {
        made.Key.CopyTo(cookie);
        made.Callers.Tag(made.Key, cookie[KeyDigits..]);
    }

    /// <summary>The first of that name; the others are the service's and not looked at.</summary>
    private static ReadOnlySpan<char> CookieIn(StringValues lines)
    {
        foreach (var line in lines)
        {
            foreach (var part in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan(part).Trim(' ');
                if (cookie.StartsWith(Start, StringComparison.Ordinal))
                    return cookie[Start.Length..];
            }
        }
        return default;
    }

    private string? KeyIn(ReadOnlySpan<char> cookie)
    {
        if (cookie.Length != KeyDigits + TagDigits || !Ascii.IsValid(cookie))
            return null;
        Span<char> expected = stackalloc char[TagDigits];
        Tag(cookie[..KeyDigits], expected);
        Span<byte> ours = stackalloc byte[TagDigits];
        Span<byte> theirs = stackalloc byte[TagDigits];
        Encoding.ASCII.GetBytes(expected, ours);
        Encoding.ASCII.GetBytes(cookie[KeyDigits..], theirs);
        return CryptographicOperations.FixedTimeEquals(ours, theirs) ? cookie[..KeyDigits].ToString() : null;
    }

    private void Tag(ReadOnlySpan<char> key, Span<char> tag)
    {
        Span<byte> text = stackalloc byte[KeyDigits];
        Encoding.ASCII.GetBytes(key, text);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(cookieKey, text, digest);
        Convert.TryToHexStringLower(digest[..(TagDigits / 2)], tag, out _);
    }
}
