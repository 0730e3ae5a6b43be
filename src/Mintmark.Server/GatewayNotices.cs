using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>Tells people what gateways report that no log keeps.</summary>
internal sealed class GatewayNotices(Troubles troubles, TimeProvider clock)
{
    private readonly Refusals refusals = new(troubles);
    private readonly Lock hearing = new();
    private readonly Dictionary<string, IReadOnlyList<IgnoredReport>> ignored = [];
    private readonly HashSet<Mark> warned = [];

    public void Hear(GatewayReport report)
    {
        refusals.Hear(report.Gateway, report.Refused ?? [], clock.GetUtcNow());
        lock (hearing)
        {
            ignored[report.Gateway] = report.Ignored;
            Warn();
        }
    }

    /// <summary>A run of a gateway that says nothing more.</summary>
    public void Forget(string gateway)
    {
        lock (hearing)
        {
            if (ignored.Remove(gateway))
                Warn();
        }
    }

    private void Warn()
    {
        var present = ignored.Values.SelectMany(all => all).DistinctBy(i => i.Mark).ToList();
        foreach (var gone in warned.Except(present.Select(i => i.Mark)).ToList())
        {
            warned.Remove(gone);
            troubles.Clear($"{gone}");
        }
        foreach (var said in present)
        {
            warned.Add(said.Mark);
            troubles.Report($"{said.Mark}", Words(said));
        }
    }

    private static string Words(IgnoredReport said) =>
        said.Signals > 0
            ? $"it sends signals that its mint.yaml does not declare ({string.Join(", ", said.Names)}): not counted"
            : $"it sends values in Mint-Value that are none: not counted; accepted: {Money.Accepted}";
}
