using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Run;
using Mintmark.Ship;

namespace Mintmark.Simulation;

/// <summary>The control plane's links, one to each gateway.</summary>
internal sealed class SimulatedLinks(IReadOnlyList<SimulatedLink> links) : IDrain
{
    public IReadOnlyList<SimulatedLink> All => links;

    /// <summary>Whoever asks for a halt is told that this much is in force, and who does not answer.</summary>
    public long InForce => Contact.InForceOf([.. links.Select(link => link.Contact)]);

    public bool IsHeardUntil(TimeSpan ago) => links.All(link => link.IsHeardUntil(ago));

    public bool IsDrained(InstanceId id, DateTimeOffset since) => links.All(link => link.Contact.IsDrained(id));

    public Past Past(Mark mark)
    {
        var reports = links.Select(link => link.Contact.Report).OfType<GatewayReport>().ToList();
        return new(Pasts.Quantiles(reports, mark), Pasts.Rates(reports, mark));
    }

    public async Task RoundAsync()
    {
        foreach (var link in links)
            await link.RoundAsync();
    }
}
