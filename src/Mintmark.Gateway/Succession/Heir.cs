using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Gateway.Succession;

/// <summary>
/// Waits for a process that is to take this one's place: gives it the sockets that listen and the hold on the folder,
/// and gives way when it says that it serves. One that ends before that has changed nothing.
/// </summary>
/// <param name="place">A path of a socket; its folder keeps others out.</param>
/// <param name="held">By which the folder is held.</param>
/// <param name="isOpen">Completes when clients are let in: before that one may go by a table of before a halt.</param>
/// <param name="giveWay">Lets nobody new in and lets go of the folder.</param>
/// <param name="bequeath">Gets the connection for what is left to say, when the other one is in charge; null, if that
/// one has died since.</param>
sealed class Heir(
    string place,
    Entrance entrance,
    SafeFileHandle held,
    Task isOpen,
    Func<long> revision,
    Func<Task> giveWay,
    Action<Stream?> bequeath,
    TimeProvider clock
)
{
    public static readonly byte[] Ready = "R"u8.ToArray();
    public static readonly byte[] InCharge = "I"u8.ToArray();
    public static readonly byte[] Left = "L"u8.ToArray();

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// One that hangs does not keep the next one out for good; but who started it gives up on it first, as its start
    /// takes half a minute on a machine that does ten other things.
    /// </summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);

    private string? said;

    /// <summary>Until one has taken over, or the end.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        try
        {
            while (!await HasGivenWayAsync(ct)) { }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
    }

    /// <summary>Without a descriptor, say, nobody can take over now, but somebody may soon.</summary>
    private async Task<bool> HasGivenWayAsync(CancellationToken ct)
    {
        try
        {
            return await GaveWayAsync(await NextAsync(ct), ct);
        }
        catch (Exception full) when (full is SocketException or IOException or UnauthorizedAccessException)
        {
            if (full.Message != said)
                Notice.Say($"nobody can take its place for now: {full.Message}");
            said = full.Message;
            await Task.Delay(Pause, ct);
            return false;
        }
    }

    /// <summary>One at a time: the path is free again before that one puts a socket of its own there.</summary>
    private async Task<Socket> NextAsync(CancellationToken ct)
    {
        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        File.Delete(place);
        listening.Bind(new UnixDomainSocketEndPoint(place));
        File.SetUnixFileMode(place, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listening.Listen(1);
        var next = await listening.AcceptAsync(ct);
        await isOpen.WaitAsync(ct);
        return next;
    }

    private async Task<bool> GaveWayAsync(Socket next, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(ReadyWithin, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var greeting = Encoding.ASCII.GetBytes(revision().ToString(CultureInfo.InvariantCulture));
            var sockets = entrance.Sockets.Select(socket => (int)socket.Handle);
            Descriptors.Send(next, greeting, [(int)held.DangerousGetHandle(), .. sockets]);
            var said = new byte[1];
            if (await next.ReceiveAsync(said, over.Token) != 1 || said[0] != Ready[0])
            {
                next.Dispose();
                return false;
            }
        }
        catch (Exception gone)
            when (gone is SocketException or IOException
                || (gone is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            next.Dispose();
            return false;
        }
        bequeath(await IsThereAsync(next, ct) ? new NetworkStream(next, ownsSocket: true) : null);
        return true;
    }

    /// <summary>
    /// There is no way back any more: also where the other one dies now, this one answers what it has, and ends.
    /// </summary>
    private async Task<bool> IsThereAsync(Socket next, CancellationToken ct)
    {
        try
        {
            await giveWay();
            next.Send(Left);
            // Before it is where the control plane looks, nobody is to look there.
            var said = new byte[1];
            if (await next.ReceiveAsync(said, ct) == 1 && said[0] == InCharge[0])
                return true;
        }
        catch (Exception gone) when (gone is SocketException or IOException or UnauthorizedAccessException)
        {
            // It has died.
        }
        next.Dispose();
        return false;
    }
}
