using System.Net;
using System.Net.Sockets;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// A TCP connection on a loop. One may receive while another sends; anybody may end it at any time, also while a call
/// to the kernel is under way.
/// </summary>
sealed class Link : IDisposable, IAtTurnsEnd
{
    private const int Ended = int.MinValue;

    private readonly int descriptor;

    /// <summary>Calls to the kernel under way; the sign says that it has ended. The last of them closes.</summary>
    private int uses;
    private int isClosed;
    private volatile bool isHungUp;
    private Loop loop;
    private ulong key;
    private ReadOnlyMemory<byte> held;
    private volatile bool isSending;

    /// <param name="owned">A connected socket's descriptor, which is closed with this.</param>
    private Link(int owned, Loop loop) => (descriptor, this.loop) = (owned, loop);

    /// <summary>By which its loop knows it.</summary>
    public ulong Key
    {
        get => Volatile.Read(ref key);
        set => Volatile.Write(ref key, value);
    }

    public Readiness Readable { get; } = new();

    public Readiness Writable { get; } = new();

    /// <summary>Called once, on the loop's thread, when the peer has sent its last.</summary>
    public Action? WhenHungUp { get; set; }

    public Loop Loop => loop;

    /// <summary>What <see cref="SendSoon"/> was given is not all sent.</summary>
    public bool IsSending => isSending;

    /// <summary>Takes over an accepted socket.</summary>
    public static Link Of(Socket accepted)
    {
        var link = new Link((int)accepted.SafeHandle.DangerousGetHandle(), Loop.Next());
        accepted.SafeHandle.SetHandleAsInvalid();
        Libc.SetNoDelay(link.descriptor);
        Libc.SendBeyondClose(link.descriptor);
        return link;
    }

    /// <summary>Begins to connect.</summary>
    /// <exception cref="SocketException">Nobody listens there, or the kernel has no room for one more.</exception>
    public static Link To(IPEndPoint place)
    {
        var link = new Link(Libc.Connect(place), Loop.Current ?? Loop.Next());
        try
        {
            link.Begin();
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>From here on the loop tells of it.</summary>
    public void Begin() => loop.Add(this, descriptor);

    /// <summary>Nobody uses it just now: from here on another loop tells of it.</summary>
    /// <returns>False where the kernel has no room for it there: it has ended then.</returns>
    public bool TryMoveTo(Loop other)
    {
        if (other == loop || !TryEnter())
            return true;
        loop.Drop(Key, descriptor);
        loop = other;
        try
        {
            other.Add(this, descriptor);
            return true;
        }
        catch (SocketException)
        {
            Dispose();
            return false;
        }
        finally
        {
            Leave();
        }
    }

    /// <exception cref="SocketException">It could not be.</exception>
    /// <exception cref="ObjectDisposedException">It was ended meanwhile.</exception>
    public async ValueTask ConnectedAsync()
    {
        await Writable.WaitAsync();
        Enter();
        try
        {
            Libc.CheckConnected(descriptor);
        }
        finally
        {
            Leave();
        }
    }

    /// <returns>How many bytes came; 0 at the end; -1 where there are none yet.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was ended here.</exception>
    public int TryReceive(Span<byte> into)
    {
        Readable.Clear();
        Enter();
        var (count, error) = Libc.Receive(descriptor, into);
        Leave();
        // A full buffer may be not all; after the last byte the kernel does not tell of the end again.
        if (count == into.Length || (count >= 0 && isHungUp))
            Readable.Signal();
        return count >= 0 || error == Libc.WouldBlock ? count
            : error == Libc.Interrupted ? TryReceive(into)
            : throw Libc.Failed(error);
    }

    /// <returns>How many bytes were taken; -1 where there is no room yet.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was ended here.</exception>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        Writable.Clear();
        Enter();
        var (count, error) = Libc.Send(descriptor, bytes);
        Leave();
        return count >= 0 || error == Libc.WouldBlock ? count
            : error == Libc.Interrupted ? TrySend(bytes)
            : throw Libc.Failed(error);
    }

    /// <summary>All of it.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sent = bytes.IsEmpty ? 0 : TrySend(bytes.Span);
        return sent == bytes.Length ? default : SendRestAsync(bytes[Math.Max(0, sent)..]);
    }

    /// <summary>
    /// As <see cref="SendAsync"/>, at the end of the loop's turn. The bytes are to stay as they are, and nothing else
    /// is to be sent, while this <see cref="IsSending"/>. Where they cannot be sent this ends.
    /// </summary>
    public void SendSoon(ReadOnlyMemory<byte> bytes)
    {
        (held, isSending) = (bytes, true);
        if (Loop.Current is { } here)
            here.AtTurnsEnd(this);
        else
            EndTurn();
    }

    public void EndTurn() => _ = SendHeldAsync();

    /// <summary>
    /// Whether nothing has come unasked, and it has not ended. The kernel is asked, as the loop may have yet to hear of
    /// it. Nobody may be receiving.
    /// </summary>
    public bool IsAtRest()
    {
        if (isHungUp)
            return false;
        Readable.Clear();
        if (!TryEnter())
            return false;
        Span<byte> one = stackalloc byte[1];
        var (count, error) = Libc.Receive(descriptor, one, onlyLook: true);
        Leave();
        return count < 0 && error == Libc.WouldBlock;
    }

    /// <summary>Bytes that were sent and the peer has not taken; 0 where it has ended.</summary>
    public int Untaken()
    {
        if (!TryEnter())
            return 0;
        var bytes = Libc.Unacknowledged(descriptor);
        Leave();
        return bytes;
    }

    /// <summary>Ends it so that the peer learns that it broke off.</summary>
    public void Reset()
    {
        if (!TryEnter())
            return;
        Libc.ResetOnClose(descriptor);
        Leave();
        Dispose();
    }

    /// <summary>
    /// Says that nothing more comes, and throws away what has come unread: else the kernel would break the connection
    /// off, and the peer might lose what it was sent.
    /// </summary>
    public void Finish()
    {
        const int most = 64;
        Span<byte> unread = stackalloc byte[16 << 10];
        if (!TryEnter())
            return;
        Libc.EndSending(descriptor);
        for (var i = 0; i < most && Libc.Receive(descriptor, unread).Count > 0; i++) { }
        Leave();
        Dispose();
    }

    public void Dispose()
    {
        int before;
        do
        {
            before = Volatile.Read(ref uses);
            if (before < 0)
                return;
        } while (Interlocked.CompareExchange(ref uses, before | Ended, before) != before);
        if (before == 0)
            Close();
        Readable.Signal();
        Writable.Signal();
    }

    /// <summary>On the loop's thread.</summary>
    public void Heard(int events)
    {
        if ((events & (Libc.PeerEnded | Libc.HungUp | Libc.Wrong)) != 0 && !isHungUp)
        {
            isHungUp = true;
            WhenHungUp?.Invoke();
        }
        if ((events & ~Libc.Sendable) != 0)
            Readable.Signal();
        if ((events & ~(Libc.Receivable | Libc.PeerEnded)) != 0)
            Writable.Signal();
    }

    private async Task SendHeldAsync()
    {
        try
        {
            await SendAsync(held);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Who waits for an answer learns of it.
            Dispose();
        }
        (held, isSending) = (default, false);
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            await Writable.WaitAsync();
            bytes = bytes[Math.Max(0, TrySend(bytes.Span))..];
        }
    }

    private void Enter() => ObjectDisposedException.ThrowIf(!TryEnter(), this);

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref uses) > 0)
            return true;
        Leave();
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref uses) == Ended)
            Close();
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0)
            return;
        loop.Drop(Key, descriptor);
        Libc.Close(descriptor);
    }
}
