using System.Net;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAHomeHasSeveralGateways
{
    [Fact]
    public async Task AClientMeetsTheSameVersionAtEachOfThem()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var first = await Rig.StartAsync();
        var second = await Rig.StartAsync(first.Home, options => options with { Name = "second", AccessLog = null });
        await first.PutAsync(Rig.Bank(old, fresh));
        await second.PutAsync(Rig.Bank(old, fresh));

        var seen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            var (_, body, _) = await first.AskAsync($"client-{i}");
            seen.Add(body);
            Assert.Equal(body, (await second.AskAsync($"client-{i}")).Body);
        }
        Assert.Equal(2, seen.Count);
        await second.StopAsync();
    }

    [Fact]
    public async Task TheCookieOfOneIsGoodAtTheOther()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var first = await Rig.StartAsync();
        var second = await Rig.StartAsync(first.Home, options => options with { Name = "second", AccessLog = null });
        await first.PutAsync(Rig.Bank(old, fresh));
        await second.PutAsync(Rig.Bank(old, fresh));

        using var greeting = await first.Client.GetAsync("");
        var cookie = greeting.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Cookie", cookie } } };
        using var answer = await second.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(await greeting.Content.ReadAsStringAsync(), await answer.Content.ReadAsStringAsync());
        await second.StopAsync();
    }

    [Fact]
    public async Task RequestsSayThroughWhichTheyCame()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var first = await Rig.StartAsync();
        var second = await Rig.StartAsync(first.Home, options => options with { Name = "second", AccessLog = null });
        await first.PutAsync(Rig.Alone(instance));
        await second.PutAsync(Rig.Alone(instance));

        using var one = await first.Client.GetAsync("");
        using var other = await second.Client.GetAsync("");

        Assert.Null(RequestId.Parse(one.Headers.GetValues("Mint-Request").Single()).Gateway);
        Assert.Equal("second", RequestId.Parse(other.Headers.GetValues("Mint-Request").Single()).Gateway);
        await second.StopAsync();
    }

    [Fact]
    public async Task EachHasAFolderAndCountsOfItsOwn()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var first = await Rig.StartAsync();
        var second = await Rig.StartAsync(first.Home, options => options with { Name = "second", AccessLog = null });
        await first.PutAsync(Rig.Alone(instance));
        await second.PutAsync(Rig.Alone(instance));

        await first.AskAsync();

        Assert.NotEqual((await first.ReportAsync()).Gateway, (await second.ReportAsync()).Gateway);
        Assert.Equal(1, (await first.ReportAsync()).Past.Single().Requests);
        Assert.Empty((await second.ReportAsync()).Past);
        Assert.True(File.Exists(Path.Combine(first.Home, "gateways", "second", "table")));
        Assert.False(File.Exists(Path.Combine(first.Home, "gateways", "second", "secret")));
        await second.StopAsync();
    }
}
