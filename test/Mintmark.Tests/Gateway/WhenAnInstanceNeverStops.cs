using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>It sends faster than what it sends can be read: the loop that has its connection has others, too.</summary>
public sealed class WhenAnInstanceNeverStops
{
    /// <summary>Answers that others get while it sends.</summary>
    const int Enough = 20;

    const string Path = "/flood";

    readonly TaskCompletionSource enough = new();
    int floods;
    int answered;

    [Theory]
    [InlineData("1\r\nx\r\n")]
    [InlineData("1;name=value\r\nx\r\n")]
    public async Task OthersAreAnsweredWhereAClientTakesAllOfIt(string piece)
    {
        await using var flooding = await Instance.TalkingAsync(c => TalkAsync(c, piece));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(flooding));

        await Bystander.NoticesNothingAsync(rig, late => TakeAsync(rig, late), CountAsync);
    }

    [Fact]
    public async Task OthersAreAnsweredWhereItAnswersACopy()
    {
        await using var bank = await Bystander.InstanceAsync(_ => Task.CompletedTask);
        await using var flooding = await Instance.TalkingAsync(c => TalkAsync(c, "1\r\nx\r\n"));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank).By(flooding, Shadowed.All with { Paths = [Path] }));

        await Bystander.NoticesNothingAsync(
            rig,
            enough.Task.WaitAsync,
            async () =>
            {
                // Each copy has its time, and is ended then.
                if (Volatile.Read(ref floods) < 2)
                    await rig.AskAsync(path: Path[1..]);
                await CountAsync();
            }
        );
    }

    Task CountAsync()
    {
        if (Volatile.Read(ref floods) > 0 && ++answered == Enough)
            enough.SetResult();
        return Task.CompletedTask;
    }

    async Task TakeAsync(Rig rig, CancellationToken late)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Address, late);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /s/bank{Path} HTTP/1.1\r\nHost: x\r\n\r\n"), late);
        var bytes = new byte[64 << 10];
        while (!enough.Task.IsCompleted)
            await stream.ReadExactlyAsync(bytes, late);
    }

    async Task TalkAsync(ConnectionContext connection, string piece)
    {
        var (reader, writer) = (connection.Transport.Input, connection.Transport.Output);
        var pieces = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 8 << 10)));
        while (await reader.ReadAsync() is { IsCompleted: false } request)
        {
            // Requests here are short, and each comes at once.
            var text = Encoding.ASCII.GetString(request.Buffer);
            reader.AdvanceTo(request.Buffer.End);
            var isFlood = text.Contains(Path, StringComparison.Ordinal);
            var head = isFlood ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 4\r\n\r\nwell";
            await writer.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{head}"));
            if (!isFlood)
                continue;
            Interlocked.Increment(ref floods);
            while (await writer.WriteAsync(pieces) is { IsCompleted: false }) { }
            Interlocked.Decrement(ref floods);
            return;
        }
    }
}
