using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAVersionReportsOfItsAnswers
{
    [Fact]
    public async Task SignalsCountByNameForTheUnitsOfEachArm()
    {
        await using var old = await SendingAsync();
        await using var fresh = await SendingAsync(("Mint-Signal", "declined,  late,declined"));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, share: 10_000, signals: ["late", "declined"]));

        foreach (var client in (string[])["one", "one", "two"])
            await rig.AskAsync(client);

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 3)).Steps);
        Assert.Equal(ArmTally.Of(3, 0, ("signal.declined", 2), ("signal.late", 2)), step.Candidate);
    }

    [Fact]
    public async Task SeveralLinesAreOneList()
    {
        await using var fresh = await Instance.StartAsync(context =>
        {
            context.Response.Headers.Append("Mint-Signal", "late");
            context.Response.Headers.Append("Mint-Signal", "declined");
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000, signals: ["late", "declined"]));

        await rig.AskAsync("one");

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 1)).Steps);
        Assert.Equal(ArmTally.Of(1, 0, ("signal.declined", 1), ("signal.late", 1)), step.Candidate);
    }

    [Fact]
    public async Task WhatIsNotDeclaredIsToldAndNotCounted()
    {
        await using var fresh = await SendingAsync(("Mint-Signal", "Declined, odd, declined2, , odd"));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000, signals: ["declined"]));

        await rig.AskAsync("one");

        var report = await rig.ReportAsync(r => Requests(r) == 1);
        Assert.Equal(ArmTally.Of(1, 0), Assert.Single(report.Steps).Candidate);
        var ignored = Assert.Single(report.Ignored);
        Assert.Equal(["odd", "declined2"], ignored.Names);
        Assert.Equal((4, 0), (ignored.Signals, ignored.Values));
    }

    [Fact]
    public async Task ItsPastRemembersThemByName()
    {
        await using var old = await SendingAsync(("Mint-Signal", "declined"));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, share: 0, signals: ["late", "declined"]));

        await rig.AskAsync("one");
        await rig.AskAsync("one");

        var past = Assert.Single((await rig.ReportAsync(r => r.Past.Sum(p => p.Requests) == 2)).Past);
        Assert.Equal(ByName.Of<long>(("errors", 0), ("signal.declined", 2), ("signal.late", 0)), past.Bad);
    }

    [Fact]
    public async Task ValueAddsUpByCurrency()
    {
        string[] values = ["125.00 EUR", "0.00000001 BTC", "0.1 EUR", "7 JPY", "0.2 EUR"];
        var answers = 0;
        await using var fresh = await Instance.StartAsync(context =>
        {
            context.Response.Headers["Mint-Value"] = values[answers++];
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000));

        foreach (var _ in values)
            await rig.AskAsync("one");

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 5)).Steps);
        Assert.Equal(ByName.Of<decimal>(("BTC", 0.00000001m), ("EUR", 125.3m), ("JPY", 7)), step.Candidate.Value);
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("125.00")]
    [InlineData("125.00EUR")]
    [InlineData("-1 EUR")]
    [InlineData("1e9 EUR")]
    [InlineData("1,5 EUR")]
    [InlineData("1. EUR")]
    [InlineData(".5 EUR")]
    [InlineData("NaN EUR")]
    [InlineData("1 eur")]
    [InlineData("1 EURO12")]
    [InlineData("1 EUR, 2 EUR")]
    [InlineData("1000000000000 EUR")]
    [InlineData("0.000000001 EUR")]
    public async Task AValueThatIsNoneIsToldAndNotCounted(string value)
    {
        await using var fresh = await SendingAsync(("Mint-Value", value));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000));

        await rig.AskAsync("one");

        var report = await rig.ReportAsync(r => Requests(r) == 1);
        Assert.Equal(ArmTally.Of(1, 0), Assert.Single(report.Steps).Candidate);
        Assert.Equal(1, Assert.Single(report.Ignored).Values);
    }

    [Fact]
    public async Task WhateverItSendsMemoryStaysBounded()
    {
        var answers = 0;
        await using var fresh = await Instance.StartAsync(context =>
        {
            var n = answers++;
            context.Response.Headers["Mint-Value"] = $"999999999999.99999999 A{n:X2}";
            context.Response.Headers["Mint-Signal"] = $"odd-{n}, {new string('x', 20_000)}";
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000, signals: ["declined"]));

        for (var i = 0; i < 20; i++)
            await rig.AskAsync("one");

        var report = await rig.ReportAsync(r => Requests(r) == 20);
        Assert.Equal(8, Assert.Single(report.Steps).Candidate.Value.Count);
        var ignored = Assert.Single(report.Ignored);
        Assert.Equal((5, 40, 12), (ignored.Names.Count, ignored.Signals, ignored.Values));
    }

    [Fact]
    public async Task ClientsSeeNoneOfIt()
    {
        await using var fresh = await SendingAsync(("Mint-Signal", "declined"), ("mint-value", "125.00 EUR"));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 5_000, signals: ["declined"]));

        using var answer = await rig.Client.GetAsync("");

        Assert.False(answer.Headers.Contains("Mint-Signal"));
        Assert.False(answer.Headers.Contains("Mint-Value"));
        Assert.True(answer.Headers.Contains("Mint-Mark"));
    }

    static Task<Instance> SendingAsync(params (string Name, string Value)[] headers) =>
        Instance.StartAsync(context =>
        {
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            return Task.CompletedTask;
        });

    static long Requests(GatewayReport report) => report.Steps.Sum(s => s.Baseline.Requests + s.Candidate.Requests);
}
