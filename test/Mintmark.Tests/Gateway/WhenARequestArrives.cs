using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenARequestArrives
{
    [Fact]
    public async Task BeforeTheFirstTableItIsToldToWait()
    {
        await using var rig = await Rig.StartAsync();

        using var answer = await rig.Client.GetAsync("");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("first route table", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bank.localhost", "/accounts/7?all=yes", "/accounts/7?all=yes", "")]
    [InlineData("BANK.localhost.", "/", "/", "")]
    [InlineData("bank.localhost", "/s/bank/x", "/s/bank/x", "")]
    [InlineData("127.0.0.1", "/s/bank/accounts/7?all=yes", "/accounts/7?all=yes", "/s/bank")]
    [InlineData("elsewhere", "/s/bank", "/", "/s/bank")]
    [InlineData("pay.example.com", "/accounts/7", "/accounts/7", "")]
    [InlineData("PAY.example.com.:443", "/s/bank/x", "/s/bank/x", "")]
    [InlineData("pay.example.com.evil.org", "/s/bank/x", "/x", "/s/bank")]
    [InlineData("elsewhere", "/s/bank/a%20b%2Fc", "/a%20b%2Fc", "/s/bank")]
    public async Task HostOrPathNamesTheService(string host, string path, string seen, string prefix)
    {
        await using var instance = await Instance.StartAsync(context =>
            context.Response.WriteAsync(
                $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString} "
                    + context.Request.Headers["X-Forwarded-Prefix"]
            )
        );
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance) with { Hosts = ["pay.example.com"] });

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal($"{seen} {prefix}", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("wallet.localhost", "/s/bank/")]
    [InlineData("127.0.0.1", "/s/wallet/")]
    [InlineData("127.0.0.1", "/")]
    [InlineData("127.0.0.1", "/s/bank/../wallet/")]
    public async Task AnUnknownServiceIsNotFound(string host, string path)
    {
        await using var instance = await Instance.SayingAsync("never");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Unknown service", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task TheAnswerSaysWhichVersionAndInstanceGaveIt()
    {
        await using var instance = await Instance.StartAsync(context =>
            context.Response.WriteAsync(context.Request.Headers["Mint-Request"].ToString())
        );
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        using var answer = await rig.Client.GetAsync("");

        Assert.Equal("bank-1", answer.Headers.GetValues("Mint-Mark").Single());
        var id = answer.Headers.GetValues("Mint-Request").Single();
        Assert.Equal(id, await answer.Content.ReadAsStringAsync());
        Assert.Equal(new InstanceId(1), RequestId.Parse(id).Instance);
        Assert.InRange(RequestId.Parse(id).At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task AServiceWithoutAVersionSaysSo()
    {
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(new ServiceRoute(new ServiceName("bank"), null, null, null));

        var (status, body, mark) = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("No version of bank", body, StringComparison.Ordinal);
        Assert.Null(mark);
    }

    [Fact]
    public async Task AHaltHoldsFromTheNextRequest()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        Assert.Equal("hello", (await rig.AskAsync()).Body);

        await rig.PutAsync(Rig.Alone(instance) with { Halted = "ledger does not balance" });
        using var halted = await rig.Client.GetAsync("");
        await rig.PutAsync(new RouteTable(10, "fire", [Rig.Alone(instance)]));
        using var everything = await rig.Client.GetAsync("");
        await rig.PutAsync(new RouteTable(11, null, [Rig.Alone(instance)]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, halted.StatusCode);
        Assert.NotNull(halted.Headers.RetryAfter);
        Assert.Contains(
            "bank is halted: ledger does not balance",
            await halted.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Everything is halted: fire",
            await everything.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal("hello", (await rig.AskAsync()).Body);
    }
}
