using System.Net;
using System.Net.Sockets;

namespace Mintmark.Cli;

/// <summary>
/// Nobody answers at the control plane's address. It may be starting again: whoever follows a release waits.
/// </summary>
internal sealed class ControlPlaneAwayException(IPEndPoint address, Exception inner)
    : Exception(
        inner is SlowException
            ? $"the control plane at {address} has {inner.Message}"
            : $"no control plane answers at {address}{Unexpected(inner)}",
        inner
    )
{
    /// <summary>It took the request, so what was asked for may be under way.</summary>
    public bool IsSlow => InnerException is SlowException;

    private static string Unexpected(Exception inner) =>
        inner
            is HttpRequestException
            {
                InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            }
            ? ""
            : $": {inner.Message}";
}

/// <summary>The limit of one call is over.</summary>
internal sealed class SlowException(TimeSpan limit) : Exception($"not answered within {limit.TotalSeconds:0} s");
