using System.Net;
using System.Net.Sockets;

namespace Mintmark.Cli;

/// <summary>
/// Nobody answers at the control plane's address. It may be starting again: whoever follows a release waits.
/// </summary>
internal sealed class ControlPlaneAwayException(IPEndPoint address, Exception inner)
    : Exception($"no control plane answers at {address}{Unexpected(inner)}", inner)
{
    private static string Unexpected(Exception inner) =>
        inner
            is HttpRequestException
            {
                InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            }
            ? ""
            : $": {inner.Message}";
}
