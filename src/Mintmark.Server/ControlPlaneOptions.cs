namespace Mintmark.Server;

public sealed record ControlPlaneOptions(Home Home, Addresses Addresses);
