using System.Net;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAVersionIsAskedForByName
{
    [Fact]
    public async Task EachLiveVersionAnswersAtItsOwnAddressAndNothingIsCounted()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, share: 1));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("old bank-1", await AskAsync(rig, "bank-1.bank.localhost"));
            Assert.Equal("new bank-2", await AskAsync(rig, "BANK-2.bank.localhost."));
        }

        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Equal(ArmTally.None, report.Steps.Single().Candidate);
        Assert.Equal(ArmTally.None, report.Steps.Single().Baseline);
        Assert.Empty(report.Latencies);
        Assert.Empty(report.Past);
    }

    [Theory]
    [InlineData("bank-3.bank.localhost")]
    [InlineData("bank-2.wallet.localhost")]
    [InlineData("bank-2.localhost")]
    [InlineData("x.bank-2.bank.localhost")]
    [InlineData("bank.bank.localhost")]
    public async Task AVersionThatIsNotLiveIsNotFound(string host)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        Assert.Equal("404", await AskAsync(rig, host));
    }

    [Fact]
    public async Task AHaltHoldsThereToo()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, halted: "fire"));

        Assert.Equal("503", await AskAsync(rig, "bank-2.bank.localhost"));
    }

    static async Task<string> AskAsync(Rig rig, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var answer = await rig.Client.SendAsync(request);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        return answer.StatusCode == HttpStatusCode.OK
            ? $"{await answer.Content.ReadAsStringAsync()} {answer.Headers.GetValues("Mint-Mark").Single()}"
            : $"{(int)answer.StatusCode}";
    }
}
