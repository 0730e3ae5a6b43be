namespace Mintmark.Server;

public sealed record ControlPlaneOptions(Home Home, Addresses Addresses)
{
    public IReadOnlyList<WitnessAddress> Witnesses { get; init; } = [];
}
