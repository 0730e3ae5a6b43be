using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// RFC 9112 as a table: each has a second request behind it or in it, which would pass an instance that reads the first
/// one otherwise than we do. What becomes of the first, and that nobody ever sees the second as one of its own.
/// </summary>
public sealed class WhenARequestHidesAnother
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const string Host = "Host: bank.localhost\r\nConnection: close\r\n";
    const string Hidden = "GET /admin HTTP/1.1\r\nHost: bank.localhost\r\n\r\n";

    public static TheoryData<string, string, int> Bodies =>
        new()
        {
            // RFC 9112, section 6.1: codings.
            { "chunked twice", Post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), 400 },
            {
                "chunked on two lines",
                Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
                400
            },
            { "identity", Post("Transfer-Encoding: identity", ""), 400 },
            { "chunked and more", Post("Transfer-Encoding: chunkedx", "0\r\n\r\n"), 400 },
            { "chunked in quotes", Post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n"), 400 },
            { "chunked after a feed", Post("Transfer-Encoding:\n chunked", "0\r\n\r\n"), 400 },
            {
                "chunked to an old version",
                $"POST / HTTP/1.0\r\n{Host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400
            },
            { "chunked of another name", Post("Transfer_Encoding: chunked\r\nContent-Length: 0", ""), 200 },
            // Section 6.2: lengths.
            { "no length", Post("Content-Length: ", ""), 400 },
            { "two lengths with a space", Post("Content-Length: 0 5", ""), 400 },
            { "the same length twice", Post("Content-Length: 0\r\nContent-Length: 0", ""), 400 },
            { "a length with a point", Post("Content-Length: 0.0", ""), 400 },
            { "a length in another script", Post("Content-Length: \u00b2", ""), 400 },
            { "a length after a tab", Post("Content-Length:\t0", ""), 200 },
            // Section 7.1: chunks.
            { "a size with a sign", Chunked("+0\r\n\r\n"), 400 },
            { "a size as in C", Chunked("0x0\r\n\r\n"), 400 },
            { "a size after a space", Chunked(" 0\r\n\r\n"), 400 },
            { "no size", Chunked("\r\n\r\n"), 400 },
            { "a size with a mere feed", Chunked("0\n\r\n"), 400 },
            { "an extension with a mere feed", Chunked("0;a\n\r\n"), 400 },
            { "content with a mere feed", Chunked("1\r\na\n0\r\n\r\n"), 400 },
            { "an extension", Chunked("0;a=b\r\n\r\n"), 200 },
            { "a length in a trailer", Chunked("0\r\nContent-Length: 5\r\n\r\n"), 200 },
            { "a trailer without a colon", Chunked("0\r\nabc\r\n\r\n"), 400 },
        };

    public static TheoryData<string, string, int> Heads =>
        new()
        {
            // Section 5: fields.
            { "a name with a space", Get("X Y: 1"), 400 },
            { "a name with a space behind", Get("X : 1"), 400 },
            { "no name", Get(": 1"), 400 },
            { "no colon", Get("X"), 400 },
            { "a fold before all fields", $"GET / HTTP/1.1\r\n X: 1\r\n{Host}\r\n", 400 },
            { "a name with a zero", Get("X\0: 1"), 400 },
            { "a name with a parenthesis", Get("X(: 1"), 400 },
            { "a name with a character for nobody", Get("X\u0001: 1"), 400 },
            { "a coding's name with a tab for lines", Get("Transfer-Encoding\u000b: chunked"), 400 },
            { "a value with a mere return", Get("X: 1\rY: 2"), 400 },
            { "a value with a mere feed", Get("X: 1\nContent-Length: 5"), 400 },
            // Section 3.2: the host.
            { "no host", "GET / HTTP/1.1\r\n\r\n", 400 },
            {
                "a host with a name of a user",
                "GET / HTTP/1.1\r\nHost: a@bank.localhost\r\nConnection: close\r\n\r\n",
                400
            },
            { "a host with a path", "GET / HTTP/1.1\r\nHost: bank.localhost/x\r\nConnection: close\r\n\r\n", 400 },
            { "another host in the target", $"GET http://other.example/ HTTP/1.1\r\n{Host}\r\n", 400 },
            // Section 3: the line.
            { "a version of its own", $"GET / HTTP/1.2\r\n{Host}\r\n", 505 },
            { "another version", $"GET / HTTP/2.0\r\n{Host}\r\n", 505 },
            { "a version in small letters", $"GET / http/1.1\r\n{Host}\r\n", 505 },
            // RFC 9110, section 9.1: an instance may answer it with content, which we would not wait for.
            { "HEAD in small letters", $"head / HTTP/1.1\r\n{Host}\r\n", 400 },
            { "GET in small letters", $"Get / HTTP/1.1\r\n{Host}\r\n", 400 },
            { "a method of others", $"PURGE / HTTP/1.1\r\n{Host}\r\n", 200 },
            { "two spaces", $"GET  / HTTP/1.1\r\n{Host}\r\n", 400 },
            { "a tab", $"GET\t/ HTTP/1.1\r\n{Host}\r\n", 400 },
            { "a method with a parenthesis", $"GE(T / HTTP/1.1\r\n{Host}\r\n", 400 },
            { "a path without a slash", $"GET admin HTTP/1.1\r\n{Host}\r\n", 405 },
            { "a zero in the path", $"GET /a\0b HTTP/1.1\r\n{Host}\r\n", 400 },
            { "an asterisk", $"GET * HTTP/1.1\r\n{Host}\r\n", 405 },
            { "a mere return in the line", $"GET /\rX HTTP/1.1\r\n{Host}\r\n", 400 },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    [MemberData(nameof(Heads))]
    public async Task ItIsReadInOneWayOrRefused(string what, string bytes, int status)
    {
        await using var instance = Scripted.Saying(Ok, Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var answer = await RawClient.AskAsync(rig, bytes + (status == 200 ? "" : Hidden));

        Assert.Equal($"{what}: HTTP/1.1 {status}", $"{what}: {answer[..Math.Min(answer.Length, 12)]}");
        if (status == 200)
            Assert.Single(instance.Requests);
        Assert.DoesNotContain("/admin", string.Concat(instance.Requests.Select(r => r.Text)), StringComparison.Ordinal);
    }

    static string Get(string field) => $"GET / HTTP/1.1\r\n{Host}{field}\r\n\r\n";

    static string Post(string field, string content) => $"POST / HTTP/1.1\r\n{Host}{field}\r\n\r\n{content}";

    static string Chunked(string content) => Post("Transfer-Encoding: chunked", content);
}
