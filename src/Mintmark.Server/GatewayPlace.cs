using System.Globalization;
using System.Net;

namespace Mintmark.Server;

/// <summary>One gateway of a home: where it listens and what it keeps.</summary>
/// <param name="Name">Of one beside the first: its port; null for the first.</param>
/// <param name="AccessLog">Its folder, or off; null for what the gateway does by itself.</param>
internal sealed record GatewayPlace(
    string? Name,
    IPEndPoint Address,
    string Folder,
    string? AccessLog,
    GatewayDoors Doors
)
{
    public string Socket => Path.Combine(Folder, "control.sock");

    public string Output => Path.Combine(Folder, "output.log");

    /// <summary>As troubles name it.</summary>
    public string Part => Name is null ? "gateway" : $"gateway {Address}";

    /// <summary>Of <see cref="Troubles"/>, where it runs another build.</summary>
    public string PartOfBuild => $"{Part}: build";

    /// <summary>
    /// The first one's folder is as it always was; each of the others has one that is named by its port.
    /// </summary>
    /// <exception cref="FormatException">Two share a port.</exception>
    public static IReadOnlyList<GatewayPlace> Of(ControlPlaneOptions options)
    {
        var addresses = options.Addresses.Gateways;
        if (addresses.DistinctBy(a => a.Port).Count() < addresses.Count)
            throw new FormatException("--gateway: each gateway of a home wants a port of its own");
        return [.. addresses.Select((address, i) => i == 0 ? First(options, address) : Further(options, address, i))];
    }

    private static GatewayPlace First(ControlPlaneOptions options, IPEndPoint address) =>
        new(null, address, options.Home.Gateway, options.AccessLog, options.DoorsOf(0));

    private static GatewayPlace Further(ControlPlaneOptions options, IPEndPoint address, int number)
    {
        var name = address.Port.ToString(CultureInfo.InvariantCulture);
        var log = options.AccessLog is null or ControlPlaneOptions.NoAccessLog
            ? options.AccessLog
            : Path.Combine(options.AccessLog, name);
        return new(name, address, Path.Combine(options.Home.Gateways, name), log, options.DoorsOf(number));
    }
}
