using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAClientGoesAway
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData(0L, 1)]
    [InlineData(60_000_000L, 0)]
    public async Task ItIsNoErrorButASlowRequestIfItHadWaitedTooLong(long? slowMicroseconds, int slow)
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            arrived.SetResult();
            await aborted.Task;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000, slowMicroseconds: slowMicroseconds));

        using var impatient = new CancellationTokenSource();
        var asked = rig.Client.GetAsync("", impatient.Token);
        await arrived.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await aborted.Task;
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));

        Assert.Equal(ArmTally.Of(slow, 0, ("slow-p99", slow)), report.Steps.Single().Candidate);
        Assert.Empty(report.Latencies);
    }

    /// <summary>Where the client is so late that the instance's time is over, that is one too.</summary>
    [Theory]
    [InlineData(null, Protocol.Http1)]
    [InlineData("a payment", Protocol.Http1)]
    [InlineData(null, Protocol.H2c)]
    [InlineData("a payment", Protocol.H2c)]
    public async Task AfterHalfTheTimeThatAnAnswerMayTakeItIsAnError(string? body, Protocol protocol)
    {
        await using var instance = await Instance.StartAsync(
            context => Task.Delay(-1, context.RequestAborted),
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var rig = await Rig.StartAsync();
        var bank = Rig.Bank(null, instance, share: 10_000);
        var limited = bank.Comparison!.Candidate with { Timeouts = new(2_000, 1_000, 1_000), Protocol = protocol };
        await rig.PutAsync(bank with { Comparison = bank.Comparison with { Candidate = limited } });

        using var impatient = new CancellationTokenSource(600);
        using var content = body is null ? null : new StringContent(body);
        var asked = body is null
            ? rig.Client.GetAsync("", impatient.Token)
            : rig.Client.PostAsync("", content, impatient.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1);

        Assert.Equal(ArmTally.Of(1, 1, (Indicators.Errors, 1)), report.Steps.Single().Candidate);
    }

    [Fact]
    public async Task InTheMiddleOfItsBodyItIsNoError()
    {
        await using var instance = await Instance.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));

        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(rig.Address);
            var stream = connection.GetStream();
            await stream.WriteAsync(
                "POST / HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: 1000\r\n\r\nonly this"u8.ToArray()
            );
            await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 1));
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));

        Assert.Equal(ArmTally.None, report.Steps.Single().Candidate);
    }

    [Fact]
    public async Task ABodyThatIsNotHttpIsTheClientsFault()
    {
        await using var instance = await Instance.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();

        await stream.WriteAsync(
            "POST / HTTP/1.1\r\nHost: bank.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync();

        Assert.Equal("HTTP/1.1 400 Bad Request", answer);
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Equal(ArmTally.None, report.Steps.Single().Candidate);
    }
}
