using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// Another client, by another address, on connections of its own to each of the gateway's loops: it asks again and
/// again while an attack goes on, and is to notice nothing.
/// </summary>
static class Bystander
{
    const string Get = "GET /s/bank/well HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>Longer than any pause of a busy machine, shorter than to be kept out by somebody.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="attack">Ends when the attacker was stopped; is told to go on after each answer.</param>
    public static async Task NoticesNothingAsync(
        Rig rig,
        Func<CancellationToken, Task> attack,
        Func<Task>? eachTime = null
    )
    {
        using var late = new CancellationTokenSource(Patience);
        using var one = await RawConnection.ToAsync(rig.Address, "127.0.0.9");
        using var two = await RawConnection.ToAsync(rig.Address, "127.0.0.9");
        var attacking = attack(late.Token);
        do
        {
            foreach (var connection in new[] { one, two })
            {
                await connection.SendAsync(Get);
                var answer = await connection.ReadAsync("well").WaitAsync(late.Token);
                Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
            }
            if (eachTime is not null)
                await eachTime();
        } while (!attacking.IsCompleted);
        await attacking;
    }

    /// <summary>An instance that says it is well, and else does what it is told.</summary>
    public static Task<Instance> InstanceAsync(RequestDelegate answer) =>
        Instance.StartAsync(context =>
        {
            if (context.Request.Path != "/well")
                return answer(context);
            context.Response.ContentLength = 4;
            return context.Response.WriteAsync("well");
        });

    /// <summary>64 MB, to who takes them.</summary>
    public static async Task GiveMuchAsync(HttpContext context)
    {
        var block = new byte[64 << 10];
        for (var i = 0; i < 1_000 && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await context.Response.Body.WriteAsync(block);
            await Task.Yield();
        }
    }

    /// <summary>How much of one the gateway has handed to a client's connection, once it has ended.</summary>
    public static async Task<long> LargestAnswerAsync(Rig rig)
    {
        await rig.EndAsync();
        var lines = await File.ReadAllLinesAsync(Path.Combine(rig.Home, "gateway", "access", "access.jsonl"));
        return lines.Max(l =>
            JsonDocument.Parse(l).RootElement.TryGetProperty("out", out var count) ? count.GetInt64() : 0
        );
    }
}
