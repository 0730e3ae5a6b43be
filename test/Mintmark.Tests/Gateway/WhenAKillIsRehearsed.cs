using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Through a real gateway, asked as the control plane asks it.</summary>
public sealed class WhenAKillIsRehearsed
{
    private static readonly Mark Fresh = Mark.Parse("bank-2");

    [Fact]
    public async Task TheCandidateAnswersAtItsOwnAddressAndNowhereElse()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        using var probe = new GatewayRehearsal(rig.Address, Rig.Late);
        await rig.PutAsync(Trying(old, fresh, halted: null));

        Assert.Equal(new(200, Halted: false), await probe.AskAsync(Fresh, "/", default));
        for (var i = 0; i < 10; i++)
            Assert.Equal("bank-1", (await rig.AskAsync()).Mark);
    }

    [Fact]
    public async Task ItsHaltIsItsOwnAlone()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        using var probe = new GatewayRehearsal(rig.Address, Rig.Late);
        await rig.PutAsync(Trying(old, fresh, halted: "rel-7 rehearses the halt of bank-2"));

        Assert.Equal(new(503, Halted: true), await probe.AskAsync(Fresh, "/", default));
        Assert.Equal("bank-1", (await rig.AskAsync()).Mark);

        await rig.PutAsync(Trying(old, fresh, halted: null));
        Assert.Equal(200, (await probe.AskAsync(Fresh, "/", default)).Status);
    }

    [Fact]
    public async Task AFirstVersionIsTriedBeforeAnyoneIsServed()
    {
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        using var probe = new GatewayRehearsal(rig.Address, Rig.Late);
        await rig.PutAsync(Trying(null, fresh, halted: null) with { Baseline = null });

        Assert.Equal(200, (await probe.AskAsync(Fresh, "/", default)).Status);
        Assert.Equal(503, (int)(await rig.AskAsync()).Status);
    }

    [Fact]
    public async Task AVersionThatIsDownByItselfIsNotTakenForHalted()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        using var probe = new GatewayRehearsal(rig.Address, Rig.Late);
        await rig.PutAsync(Trying(old, null, halted: null));

        Assert.Equal(new(503, Halted: false), await probe.AskAsync(Fresh, "/", default));
    }

    private static ServiceRoute Trying(Instance? old, Instance? fresh, string? halted) =>
        Rig.Bank(old, share: 0) with
        {
            Rehearsal = new(new ReleaseId(7), new Arm(Fresh, fresh is null ? [] : [fresh.As(2)]), halted),
        };
}
