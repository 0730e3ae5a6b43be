using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway.Plain;

/// <summary>What can befall an exchange; anything else is a mistake of ours.</summary>
static class Failure
{
    private static int hasSaid;

    /// <summary>
    /// Whether the gateway itself lacks what a connection takes: a descriptor, memory, or one of the machine's ports.
    /// That is said once: whoever brings it about can do so as often as he likes.
    /// </summary>
    public static bool IsOurs(Exception? wrong)
    {
        const SocketError noDescriptor = SocketError.TooManyOpenSockets;
        const SocketError noMemory = SocketError.NoBufferSpaceAvailable;
        if (
            wrong
            is not SocketException { SocketErrorCode: noDescriptor or noMemory or SocketError.AddressNotAvailable }
        )
            return false;
        // Not on a loop's thread: whoever reads what is said may be slow.
        if (Interlocked.Exchange(ref hasSaid, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(Say, wrong.Message, preferLocal: false);
        return true;
    }

    public static bool IsOne(Exception wrong) =>
        wrong
            is SocketException
                or ObjectDisposedException
                or IOException
                or UnclearAnswerException
                or BadHttpRequestException
                or OperationCanceledException;

    private static void Say(string why) =>
        Notice.Say($"no connection to an instance can be made: {why}; requests are refused");
}
