using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenBodiesAreLarge
{
    const int Large = 8 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheyArriveWholeBothWaysAtOnce(bool chunked)
    {
        await using var instance = await Instance.StartAsync(context =>
        {
            if (!chunked)
                context.Response.ContentLength = Large;
            return context.Request.Body.CopyToAsync(context.Response.Body);
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        var sent = RandomNumberGenerator.GetBytes(Large);

        using var request = new HttpRequestMessage(HttpMethod.Post, "");
        request.Content = new ByteArrayContent(sent);
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task AClientThatDoesNotReadHoldsTheInstanceBack()
    {
        var written = 0L;
        var stuck = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            var block = new byte[64 << 10];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                var writing = context.Response.Body.WriteAsync(block, context.RequestAborted).AsTask();
                if (await Task.WhenAny(writing, Task.Delay(1_000)) != writing && written > 0)
                    stuck.TrySetResult();
                await writing;
                written += block.Length;
            }
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        using var connection = new TcpClient { ReceiveBufferSize = 8_192 };
        await connection.ConnectAsync(rig.Address);
        await connection.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray());
        await stuck.Task;

        // What sockets hold is the machine's choice; that there is an end to it is ours.
        Assert.InRange(written, 1, 64 << 20);
    }

    [Fact]
    public async Task AnInstanceThatDoesNotReadHoldsTheClientBack()
    {
        var over = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(_ => over.Task);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();
        await stream.WriteAsync(
            "POST / HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: 1000000000\r\n\r\n"u8.ToArray()
        );

        var (sent, block) = (0L, new byte[64 << 10]);
        while (true)
        {
            var writing = stream.WriteAsync(block).AsTask();
            if (await Task.WhenAny(writing, Task.Delay(1_000)) != writing)
                break;
            await writing;
            sent += block.Length;
        }

        over.SetResult();
        Assert.InRange(sent, 1, 64 << 20);
    }

    [Fact]
    public async Task WhatAnInstanceSaysBeforeItHasReadAllIsTheAnswer()
    {
        await using var instance = await Instance.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return context.Response.WriteAsync("too much");
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        await connection
            .GetStream()
            .WriteAsync("POST / HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: 1000000000\r\n\r\n123"u8.ToArray());
        var buffer = new byte[4_096];
        var read = await connection.GetStream().ReadAsync(buffer);

        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1);
        Assert.Equal(ArmTally.Of(1, 0), report.Steps.Single().Candidate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AfterSuchAnAnswerTheConnectionGoesOn(bool chunked)
    {
        await using var instance = await Instance.StartAsync(context =>
        {
            var isBig = HttpMethods.IsPost(context.Request.Method);
            context.Response.StatusCode = isBig ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status200OK;
            return context.Response.WriteAsync(isBig ? "too much" : "welcome");
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        // The web server waits for the rest for 5 s.
        var (_, answer) = await Again.WhileAsync(
            sent => sent.Took > TimeSpan.FromSeconds(4),
            () => SendOnAsync(rig, chunked)
        );

        Assert.Contains("welcome", answer, StringComparison.Ordinal);
    }

    /// <returns>How long it took until the rest was sent, and what then came.</returns>
    static async Task<(TimeSpan Took, string Answer)> SendOnAsync(Rig rig, bool chunked)
    {
        const int rest = 300_000;
        using var client = await RawConnection.ToAsync(rig.Address);
        var (length, content) = chunked
            ? ("Transfer-Encoding: chunked", $"{rest:x}\r\n{new string('x', rest)}\r\n0\r\n\r\n")
            : ($"Content-Length: {rest}", new string('x', rest));
        var since = Stopwatch.GetTimestamp();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: bank.localhost\r\n{length}\r\n\r\n");
        Assert.Contains("413", await client.ReadAsync("too much"), StringComparison.Ordinal);

        var isSent = await client.TrySendAsync(content + "GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n");
        var took = Stopwatch.GetElapsedTime(since);
        try
        {
            return (took, isSent ? await client.ReadAsync("welcome") : "");
        }
        catch (IOException broken)
        {
            return (took, broken.Message);
        }
    }

    [Fact]
    public async Task EventsArriveOneByOne()
    {
        var next = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync();
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        using var answer = await rig.Client.GetAsync("", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.Equal($"data: {i}", await events.ReadLineAsync());
            Assert.Equal("", await events.ReadLineAsync());
        }
        Assert.Null(await events.ReadLineAsync());
    }
}
