using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Gateway.Succession;

/// <summary>The gateway that runs, as the one that takes its place sees it.</summary>
sealed class Predecessor : IDisposable
{
    private const int LongestGreeting = 64;
    private const int LongestLines = 64 << 10;

    /// <summary>One that waits for its own table, for ten seconds, lets nobody take over before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>From then on it leaves, whether we are there or not: who gives up here leaves nobody.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromMinutes(1);

    private readonly Socket connection;

    private Predecessor(Socket connection, long revision, SafeFileHandle held, IReadOnlyList<Socket> sockets) =>
        (this.connection, Revision, Lock, Sockets) = (connection, revision, held, sockets);

    /// <summary>Of its route table.</summary>
    public long Revision { get; }

    /// <summary>By which it holds its folder.</summary>
    public SafeFileHandle Lock { get; }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Socket> Sockets { get; }

    /// <exception cref="CannotStartException">There is none, or it does not give its sockets.</exception>
    public static Predecessor Ask(string place)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(place));
            Span<byte> greeting = stackalloc byte[LongestGreeting];
            // The first byte is waited for as usual: recvmsg does not know of the limit.
            connection.Receive(greeting[..1], SocketFlags.Peek);
            var (length, descriptors) = Descriptors.Receive(connection, greeting);
            var text = Encoding.ASCII.GetString(greeting[..length]);
            if (
                descriptors.Length < 2
                || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            )
            {
                throw new IOException("it gives no sockets");
            }
            var sockets = descriptors[1..].Select(d => new Socket(new SafeSocketHandle(d, ownsHandle: true)));
            var held = new SafeFileHandle(descriptors[0], ownsHandle: true);
            return new Predecessor(connection, revision, held, [.. sockets]);
        }
        catch (Exception wrong) when (wrong is SocketException or IOException)
        {
            connection.Dispose();
            throw new CannotStartException($"no gateway at {place} to take over from: {wrong.Message}", wrong);
        }
    }

    /// <summary>
    /// Tells it that we serve. When this returns it lets nobody new in, and what it kept in its folder is ours.
    /// </summary>
    /// <exception cref="CannotStartException">It has not given way.</exception>
    public void Relieve()
    {
        try
        {
            connection.ReceiveTimeout = (int)LeavesWithin.TotalMilliseconds;
            connection.Send(Heir.Ready);
            var answer = new byte[1];
            if (connection.Receive(answer) == 1 && answer[0] == Heir.Left[0])
                return;
        }
        catch (SocketException wrong)
        {
            throw new CannotStartException($"the gateway that runs does not give way: {wrong.Message}", wrong);
        }
        throw new CannotStartException("the gateway that runs has ended instead of giving way");
    }

    /// <summary>Tells it that the control plane finds us where it found it.</summary>
    public void Succeed()
    {
        try
        {
            connection.Send(Heir.InCharge);
        }
        catch (SocketException)
        {
            // It has ended, and has nothing left to say.
        }
    }

    /// <summary>Whole lines of its access log, until it ends or this is disposed.</summary>
    public async Task ReadLinesAsync(Action<byte[]> take)
    {
        var bytes = new byte[LongestLines];
        var held = 0;
        connection.ReceiveTimeout = 0;
        try
        {
            while (await connection.ReceiveAsync(bytes.AsMemory(held)) is > 0 and var read)
            {
                held += read;
                var whole = bytes.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
                if (whole == 0 && held == bytes.Length)
                    return;
                if (whole > 0)
                    take(bytes[..whole]);
                bytes.AsSpan(whole, held - whole).CopyTo(bytes);
                held -= whole;
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // It is gone, or we are about to be.
        }
    }

    public void Dispose() => connection.Dispose();
}
