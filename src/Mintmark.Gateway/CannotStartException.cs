using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>The machine does not let the gateway start; the message says what stands in the way.</summary>
/// <param name="exit">The process's exit status then.</param>
public sealed class CannotStartException(string message, Exception? inner = null, int exit = GatewayExit.CannotStart)
    : Exception(message, inner)
{
    public int Exit => exit;
}
