using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mintmark.Gateway;

/// <summary>Who calls: the client's own header, else the gateway's cookie, else somebody new.</summary>
/// <param name="Digest">Keyed: tells clients apart, the same for as long as the gateway has its secret, and tells
/// nobody who they are.</param>
/// <param name="NewCookie">Where the key was made for this request, which is a unit of its own; else null.</param>
readonly record struct Caller(string Key, ulong Digest, string? NewCookie)
{
    public const string Header = "Mint-Client";
    public const string Cookie = "mint-client";

    private static readonly CookieOptions Plain = Options(isSecure: false);
    private static readonly CookieOptions Secure = Options(isSecure: true);

    public bool IsNew => NewCookie is not null;

    /// <summary>What it drew last; null for who is new.</summary>
    public LastLot? Drawn { get; init; }

    /// <summary>Whether it says who it is, or its certificate does. To be asked when it was found.</summary>
    public static bool IsNamed(HttpRequest request) =>
        request.Headers[Header] is { Count: > 0 } given && !string.IsNullOrEmpty(given[0]);

    public void Keep(HttpResponse response) =>
        response.Cookies.Append(Cookie, NewCookie!, response.HttpContext.Request.IsHttps ? Secure : Plain);

    private static CookieOptions Options(bool isSecure) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            Secure = isSecure,
        };
}

/// <summary>
/// Gives out cookies and knows its own: 128 random bits and the first 128 of their HMAC-SHA256, in hexadecimal. So who
/// wants a certain version cannot make up keys until one draws it.
/// </summary>
/// <param name="secret">The gateway's, from which the key of cookies is derived.</param>
/// <param name="believed">From whom the header of clients is taken.</param>
/// <param name="haveCertificates">Clients may show one: its subject then says who they are, whatever they say.</param>
sealed class Callers(byte[] secret, ClientHeader believed = ClientHeader.Loopback, bool haveCertificates = false)
{
    private const int LongestSubject = 512;

    private const int KeyDigits = 32;
    private const int TagDigits = 32;
    private const string Start = Caller.Cookie + "=";

    private readonly byte[] cookieKey = HMACSHA256.HashData(secret, "mint-client cookie"u8);
    private readonly byte[] headerKey = HMACSHA256.HashData(secret, "mint-client header"u8);
    private readonly Recent<Caller> holders = new();
    private readonly Recent<Caller> named = new();

    /// <returns>Null where the request does not say.</returns>
    public Caller? Find(HttpRequest request)
    {
        if (haveCertificates && request.HttpContext.Connection.ClientCertificate is { } shown)
            request.Headers[Caller.Header] = Subject(shown);
        else if (request.Headers.ContainsKey(Caller.Header) && !IsBelieved(request.HttpContext.Connection))
            request.Headers.Remove(Caller.Header);
        if (Caller.IsNamed(request))
            return Named(request.Headers[Caller.Header].ToString());
        return request.Headers.Cookie.Count > 0 ? Holder(CookieIn(request.Headers.Cookie)) : null;
    }

    private bool IsBelieved(ConnectionInfo connection) =>
        believed switch
        {
            ClientHeader.Anybody => true,
            ClientHeader.Nobody => false,
            ClientHeader.Loopback => connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from),
            _ => throw new UnreachableException(),
        };

    /// <summary>As RFC 4514 writes it, where a header can hold that; else a digest of it.</summary>
    private static string Subject(X509Certificate2 certificate)
    {
        var name = certificate.SubjectName.Name;
        return name.Length is > 0 and <= LongestSubject && name.All(c => c is >= ' ' and <= '~')
            ? name
            : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(certificate.SubjectName.RawData))}";
    }

    public Caller New()
    {
        var key = RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true);
        Span<char> cookie = stackalloc char[KeyDigits + TagDigits];
        key.CopyTo(cookie);
        return new Caller(key, Tag(key, cookie[KeyDigits..]), cookie.ToString());
    }

    private Caller Named(string name)
    {
        if (named.Find(name) is { } before)
            return before;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(headerKey, Encoding.UTF8.GetBytes(name), digest);
        var caller = new Caller(name, BinaryPrimitives.ReadUInt64BigEndian(digest), NewCookie: null)
        {
            Drawn = new LastLot(),
        };
        named.Keep(name, caller);
        return caller;
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

    /// <returns>Null where the cookie is none of ours.</returns>
    private Caller? Holder(ReadOnlySpan<char> cookie)
    {
        if (cookie.Length != KeyDigits + TagDigits || !Ascii.IsValid(cookie))
            return null;
        if (holders.Find(cookie) is { } before)
            return before;
        Span<char> expected = stackalloc char[TagDigits];
        var digest = Tag(cookie[..KeyDigits], expected);
        if (!CryptographicOperations.FixedTimeEquals(Bytes(expected), Bytes(cookie[KeyDigits..])))
            return null;
        var holder = new Caller(cookie[..KeyDigits].ToString(), digest, NewCookie: null) { Drawn = new LastLot() };
        holders.Keep(cookie, holder);
        return holder;
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<char> text) => MemoryMarshal.AsBytes(text);

    /// <returns>Of the same HMAC, 64 bits that are in no cookie.</returns>
    private ulong Tag(ReadOnlySpan<char> key, Span<char> tag)
    {
        Span<byte> text = stackalloc byte[KeyDigits];
        Encoding.ASCII.GetBytes(key, text);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(cookieKey, text, digest);
        Convert.TryToHexStringLower(digest[..(TagDigits / 2)], tag, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(digest[(TagDigits / 2)..]);
    }
}
