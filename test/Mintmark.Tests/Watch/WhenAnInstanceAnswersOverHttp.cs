using System.Net;
using System.Net.Sockets;
using System.Text;
using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Watch;

public sealed class WhenAnInstanceAnswersOverHttp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpInvariantProbe _probe = new() { Patience = TimeSpan.FromMinutes(2) };

    public WhenAnInstanceAnswersOverHttp() => _listener.Start();

    [Fact]
    public async Task ItsInvariantsAreGivenByName()
    {
        var answer = await AskAsync(
            """{"invariants":[{"name":"b","ok":false,"broken":"off by\n1"},{"name":"a","ok":true,"since":3}],"at":1}"""
        );

        var given = Assert.IsType<InvariantAnswer.Given>(answer);
        Assert.Equal([new InvariantResult("a", null), new InvariantResult("b", "off by 1")], given.Results);
    }

    [Fact]
    public async Task WhatIsBrokenNeedNotBeSaid()
    {
        var given = Assert.IsType<InvariantAnswer.Given>(
            await AskAsync("""{"invariants":[{"name":"a","ok":false}]}""")
        );

        Assert.Equal("it does not say what", given.Results.Single().Broken);
    }

    [Theory]
    [InlineData("nonsense", "'nonsense' is an invalid JSON literal")]
    [InlineData("[]", "'invariants' is missing or not an array")]
    [InlineData("""{"invariants":{}}""", "'invariants' is missing or not an array")]
    [InlineData("""{"invariants":[]}""", "'invariants' has 1 to 50 members, not 0")]
    [InlineData("""{"invariants":[3]}""", "'name' is missing or not a string")]
    [InlineData("""{"invariants":[{"name":"","ok":true}]}""", "1 to 80 printable characters")]
    [InlineData("""{"invariants":[{"name":"a"}]}""", "invariant 'a' needs 'ok', true or false")]
    [InlineData("""{"invariants":[{"name":"a","ok":"yes"}]}""", "invariant 'a' needs 'ok', true or false")]
    [InlineData("""{"invariants":[{"name":"a","ok":false,"broken":3}]}""", "'broken' of invariant 'a' is a string")]
    [InlineData("""{"invariants":[{"name":"a","ok":true,"broken":"x"}]}""", "invariant 'a' is both ok and broken")]
    [InlineData("""{"invariants":[{"name":"a","ok":true},{"name":"a","ok":true}]}""", "invariant 'a' is named twice")]
    public async Task AnAnswerOfAnotherShapeIsUnclear(string body, string reason)
    {
        var unclear = Assert.IsType<InvariantAnswer.Unclear>(await AskAsync(body));

        Assert.StartsWith("/invariants: ", unclear.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, unclear.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherStatusIsUnclear() =>
        Assert.Equal(
            new InvariantAnswer.Unclear("/invariants: answers 500, not 200"),
            await AskAsync("""{"invariants":[{"name":"a","ok":true}]}""", "500 Oh")
        );

    [Fact]
    public async Task AnAnswerOfMoreThan64KiBIsUnclear() =>
        Assert.IsType<InvariantAnswer.Unclear>(
            await AskAsync($$"""{"invariants":[{"name":"a","ok":true}],"x":"{{new string('x', 70_000)}}"}""")
        );

    [Fact]
    public async Task NobodyThereIsUnclear()
    {
        _listener.Stop();

        Assert.IsType<InvariantAnswer.Unclear>(
            await _probe.AskAsync(Port, "/invariants", Protocol.Http1, CancellationToken.None)
        );
    }

    [Fact]
    public async Task AnAnswerThatDoesNotComeIsUnclear()
    {
        using var usual = new HttpInvariantProbe();

        Assert.Equal(
            new InvariantAnswer.Unclear("/invariants: does not answer within 2 seconds"),
            await usual.AskAsync(Port, "/invariants", Protocol.Http1, CancellationToken.None)
        );
    }

    public void Dispose()
    {
        _listener.Dispose();
        _probe.Dispose();
    }

    private int Port
    {
        get => field == 0 ? field = ((IPEndPoint)_listener.LocalEndpoint).Port : field;
    }

    private async Task<InvariantAnswer> AskAsync(string body, string status = "200 OK")
    {
        var asked = _probe.AskAsync(Port, "/invariants", Protocol.Http1, CancellationToken.None);
        using var connection = await _listener.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        Assert.Equal("GET /invariants HTTP/1.1", await reader.ReadLineAsync());
        var head =
            $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + body));
        return await asked;
    }
}
