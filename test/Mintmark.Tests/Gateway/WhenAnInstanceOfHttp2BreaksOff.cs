using System.Buffers.Binary;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>What it may have begun to do is never asked of it twice (RFC 9113, section 8.7).</summary>
public sealed class WhenAnInstanceOfHttp2BreaksOff
{
    const string Get = "GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const string None = "Content-Length: 0\r\n\r\n";
    const string Whole = "Content-Length: 3\r\n\r\npay";
    const string Held = "Content-Length: 3\r\n\r\n";

    /// <summary>RFC 9113, section 7.</summary>
    const int NoError = 0;
    const int InternalError = 2;
    const int RefusedStream = 7;
    const int Cancel = 8;
    const int Http11Required = 13;

    static readonly Framed.Answer Ok = new(stream =>
        RawFrames.Frame(RawFrames.Headers, RawFrames.EndHeaders | RawFrames.EndStream, stream, 0x88)
    );

    static readonly string[] Bodies = [None, Whole, Held];

    public static TheoryData<string, string, bool> Payments =>
        [
            .. from how in new[]
            {
                "ends",
                "resets",
                "cancels",
                "wants HTTP/1.1",
                "ends without an error",
                "leaves and ends",
                "fails and ends",
                "says what is no HTTP/2",
            }
            from body in Bodies
            from isUsed in new[] { false, true }
            select (how, body, isUsed),
        ];

    public static TheoryData<string, string> Refused =>
        [.. from how in new[] { "refuses", "leaves before it" } from body in Bodies select (how, body)];

    [Theory]
    [MemberData(nameof(Payments))]
    public async Task APaymentThatItMayHaveMadeIsNotSentAgain(string how, string body, bool isUsed)
    {
        var framed = new Framed(body == Held, isUsed ? [Ok, How(how)] : [How(how)]);
        await using var instance = await framed.StartAsync();
        await using var rig = await StartAsync(instance);
        if (isUsed)
            Assert.StartsWith("HTTP/1.1 200 ", await RawClient.AskAsync(rig, Get), StringComparison.Ordinal);
        var before = framed.Begun;

        var answer = await PayAsync(rig, body);

        Assert.False(answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
        if (body != Held)
            Assert.Contains("it closed the connection", answer, StringComparison.Ordinal);
        Assert.Equal(before + 1, framed.Begun);
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("resets")]
    [InlineData("fails and ends")]
    public async Task AnUploadThatItBreaksOffIsItsErrorAndNotTheClients(string how)
    {
        var framed = new Framed(atOnce: true, How(how));
        await using var instance = await framed.StartAsync();
        await using var rig = await Rig.StartAsync();
        var bank = Rig.Bank(null, instance, share: 10_000);
        var spoken = bank.Comparison!.Candidate with { Protocol = Protocol.H2c };
        await rig.PutAsync(bank with { Comparison = bank.Comparison with { Candidate = spoken } });

        var answer = await PayAsync(rig, Held);

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Equal(ArmTally.Of(1, 1, (Indicators.Errors, 1)), report.Steps.Single().Candidate);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task WhatItSaysThatItDidNotTakeMayBeSentAgain(string how, string body)
    {
        var framed = new Framed(body == Held, How(how), Ok);
        await using var instance = await framed.StartAsync();
        await using var rig = await StartAsync(instance);

        var answer = await PayAsync(rig, body);

        Assert.Equal(body == None, answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
        Assert.InRange(framed.Begun, 1, 2);
        // Of a body that has gone, nothing is left that could be taken for all of it.
        Assert.Equal(
            body == None ? 2
                : body == Whole ? 1
                : 0,
            framed.Whole
        );
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task WhatItNeverTakesIsSentAFewTimesAtMost(string how, string body)
    {
        var framed = new Framed(body == Held, How(how));
        await using var instance = await framed.StartAsync();
        await using var rig = await StartAsync(instance);

        var answer = await PayAsync(rig, body);

        Assert.False(answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
        Assert.InRange(framed.Begun, 1, 4);
    }

    [Theory]
    [InlineData(None)]
    [InlineData(Whole)]
    public async Task WhatItStillTakesBeforeItLeavesIsAnswered(string body)
    {
        var leaves = How("leaves and ends");
        var framed = new Framed(atOnce: false, new Framed.Answer(s => [.. leaves.Frames(s), .. Ok.Frames(s)], true));
        await using var instance = await framed.StartAsync();
        await using var rig = await StartAsync(instance);

        for (var i = 1; i <= 3; i++)
        {
            Assert.StartsWith("HTTP/1.1 200 ", await PayAsync(rig, body), StringComparison.Ordinal);
            Assert.Equal(i, framed.Begun);
        }
    }

    static Framed.Answer How(string how) =>
        how switch
        {
            "ends" => new(_ => [], Ends: true),
            "resets" => new(s => Reset(s, InternalError)),
            "cancels" => new(s => Reset(s, Cancel)),
            "wants HTTP/1.1" => new(s => Reset(s, Http11Required)),
            "ends without an error" => new(s => Reset(s, NoError)),
            "leaves and ends" => new(s => GoAway(s, NoError), Ends: true),
            "fails and ends" => new(s => GoAway(s, InternalError), Ends: true),
            "says what is no HTTP/2" => new(_ => RawFrames.Frame(RawFrames.Data, 0, 0)),
            "refuses" => new(s => Reset(s, RefusedStream)),
            "leaves before it" => new(s => GoAway(Math.Max(0, s - 2), NoError), Ends: true),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };

    static byte[] Reset(int stream, int code) => RawFrames.Frame(RawFrames.Reset, 0, stream, Bytes(code));

    static byte[] GoAway(int last, int code) =>
        RawFrames.Frame(RawFrames.GoAway, 0, 0, [.. Bytes(last), .. Bytes(code)]);

    static byte[] Bytes(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    static Task<string> PayAsync(Rig rig, string body) =>
        RawClient.AskAsync(rig, $"POST /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{body}");

    /// <summary>Under two names, so that it would hear too of what is sent to another.</summary>
    static async Task<Rig> StartAsync(Instance instance)
    {
        var rig = await Rig.StartAsync();
        var arm = new Arm(Mark.Parse("bank-1"), [instance.As(1), instance.As(2)], Protocol: Protocol.H2c);
        await rig.PutAsync(new ServiceRoute(new ServiceName("bank"), null, arm, null));
        return rig;
    }
}
