using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway;

/// <summary>Who calls: the client's own header, else the gateway's cookie, else somebody new.</summary>
/// <param name="IsNew">The key was made for this request, which is a unit of its own.</param>
readonly record struct Caller(string Key, bool IsNew)
{
    public const string Header = "Mint-Client";
    public const string Cookie = "mint-client";

    private const int CookieLength = 32;

    private static readonly CookieOptions Options = new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
    };

    public static Caller Of(HttpRequest request)
    {
        var named = request.Headers[Header];
        if (named.Count > 0 && !string.IsNullOrEmpty(named[0]))
            return new Caller(named.ToString(), IsNew: false);
        if (request.Headers.Cookie.Count > 0 && request.Cookies[Cookie] is { Length: CookieLength } known)
            return new Caller(known, IsNew: false);
        return new Caller(RandomNumberGenerator.GetHexString(CookieLength, lowercase: true), IsNew: true);
    }

    public void Keep(HttpResponse response) => response.Cookies.Append(Cookie, Key, Options);
}
