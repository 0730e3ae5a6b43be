using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway.Plain;

/// <summary>What can befall an exchange; anything else is a mistake of ours.</summary>
static class Failure
{
    public static bool IsOne(Exception wrong) =>
        wrong
            is SocketException
                or ObjectDisposedException
                or IOException
                or UnclearAnswerException
                or BadHttpRequestException
                or OperationCanceledException;
}
