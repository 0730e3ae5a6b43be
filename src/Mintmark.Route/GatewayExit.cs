namespace Mintmark.Route;

/// <summary>With which status the gateway's process exits.</summary>
public static class GatewayExit
{
    public const int Done = 0;

    /// <summary>An option is wrong.</summary>
    public const int Misused = 2;

    /// <summary>The machine does not let it start.</summary>
    public const int CannotStart = 3;

    /// <summary>Another gateway has its folder: one that runs, takes over, or is about to have ended.</summary>
    public const int Held = 4;
}
