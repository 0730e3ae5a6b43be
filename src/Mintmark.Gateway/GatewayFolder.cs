using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>
/// The gateway's part of the home folder, held by one gateway at a time, and by two while one takes the other's place.
/// </summary>
sealed class GatewayFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int SecretLength = 32;

    /// <summary>What flock(2) says where another process has the lock.</summary>
    private const int WouldBlock = 11;

    /// <summary>Longest path a Unix domain socket may have, with its closing zero.</summary>
    private const int MaxSocketPath = 107;

    private readonly string path;
    private readonly string first;
    private readonly string own = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private SafeFileHandle? held;
    private bool isAnnounced;

    private GatewayFolder(string path, string first) => (this.path, this.first) = (path, first);

    /// <summary>Where the control plane finds whichever gateway is in charge.</summary>
    private string Announced => Path.Combine(path, "control.sock");

    /// <summary>Where another gateway asks to take over.</summary>
    public string HandoverSocket => Path.Combine(path, "handover.sock");

    /// <summary>
    /// Where this gateway is controlled: of one that is not in charge yet, or not any more, a name of its own.
    /// </summary>
    public string ControlSocket { get; private set; } = "";

    /// <summary>Of the control socket, for one that has given way.</summary>
    public string LeavingName => $"leaving-{own}.sock";

    /// <exception cref="CannotStartException">Another gateway holds it, or it cannot be written.</exception>
    public static GatewayFolder Hold(string home, string? name)
    {
        var folder = Open(home, name);
        folder.Hold();
        folder.ClearSockets();
        return folder;
    }

    /// <summary>Without holding it.</summary>
    /// <exception cref="CannotStartException">It cannot be written.</exception>
    public static GatewayFolder Open(string home, string? name)
    {
        var path = GatewayOptions.FolderOf(home, name);
        var first = GatewayOptions.FolderOf(home, name: null);
        try
        {
            foreach (var made in new[] { home, first, Path.GetDirectoryName(path)!, path })
                Directory.CreateDirectory(made, OwnerOnly | UnixFileMode.UserExecute);
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);
            var folder = new GatewayFolder(path, first);
            folder.ControlSocket = Path.Combine(path, $"next-{folder.own}.sock");
            if (System.Text.Encoding.UTF8.GetByteCount(folder.ControlSocket) > MaxSocketPath)
            {
                throw new CannotStartException(
                    $"{folder.ControlSocket} is longer than the {MaxSocketPath} bytes of a socket's path"
                );
            }
            return folder;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"cannot use {path}: {wrong.Message}", wrong);
        }
    }

    /// <summary>By which it is held: whoever has the same descriptor holds it too.</summary>
    public SafeFileHandle Held => held!;

    /// <param name="handed">By which another gateway holds it as well: there is no moment in which nobody does.</param>
    public void Hold(SafeFileHandle handed) => held = handed;

    private void Hold()
    {
        try
        {
            held = Lock(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"cannot use {path}: {wrong.Message}", wrong);
        }
    }

    /// <summary>From now on this gateway is the one that the control plane finds.</summary>
    public void Announce()
    {
        // The folder keeps others out already; this holds where the folder is moved or copied.
        File.SetUnixFileMode(ControlSocket, OwnerOnly);
        File.Move(ControlSocket, Announced, overwrite: true);
        ControlSocket = Announced;
        isAnnounced = true;
        try
        {
            WritePid();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // For people alone, and no reason not to serve: the one before has given way by now.
            Notice.Say($"its process id is not on disk: {full.Message}");
        }
    }

    /// <summary>Another one takes it. This one can still be controlled, under another name.</summary>
    public void GiveWay()
    {
        var leaving = Path.Combine(path, LeavingName);
        // Somebody may have swept it away, which is no reason not to go.
        if (File.Exists(Announced))
            File.Move(Announced, leaving, overwrite: true);
        (ControlSocket, isAnnounced) = (leaving, false);
        held?.Dispose();
    }

    /// <summary>
    /// Makes assignments of clients to arms unpredictable, and the same after a restart and at every gateway of the
    /// home: the first one's folder has it.
    /// </summary>
    public byte[] Secret()
    {
        var file = Path.Combine(first, "secret");
        if (!File.Exists(file))
            Write(file, RandomNumberGenerator.GetBytes(SecretLength), overwrite: false);
        var secret = File.ReadAllBytes(file);
        return secret.Length == SecretLength
            ? secret
            : throw new CannotStartException($"{file} holds {secret.Length} bytes where {SecretLength} belong");
    }

    /// <summary>Process id and start time in clock ticks: together they name this process and no later one.</summary>
    private void WritePid()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ');
        var startTicks = fields[20];
        Write("pid", System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId} {startTicks}\n"));
    }

    public void Dispose()
    {
        try
        {
            File.Delete(ControlSocket);
            if (isAnnounced)
                File.Delete(Path.Combine(path, "pid"));
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            Notice.Say($"it ends, and its files stay: {stuck.Message}");
        }
        held?.Dispose();
    }

    /// <summary>
    /// The operating system lets go of it when no process has the descriptor any more, however they end (flock(2)).
    /// </summary>
    private static SafeFileHandle Lock(string path)
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(path, "lock"),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                }
            );
            // .NET closes its own so that nobody has the lock any more, whoever else has the descriptor.
            var own = file.SafeFileHandle;
            var held = new SafeFileHandle(own.DangerousGetHandle(), ownsHandle: true);
            own.SetHandleAsInvalid();
            return held;
        }
        catch (IOException inUse) when (inUse.HResult == WouldBlock)
        {
            throw new CannotStartException($"another gateway runs on {path}", inUse, GatewayExit.Held);
        }
    }

    private void ClearSockets()
    {
        foreach (var left in Directory.GetFiles(path, "next-*.sock"))
            File.Delete(left);
        if (!File.Exists(Announced))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(Announced));
        }
        catch (SocketException)
        {
            File.Delete(Announced);
            return;
        }
        held?.Dispose();
        throw new CannotStartException($"something answers on {Announced}");
    }

    /// <returns>What is in a file, and when it was written; null where it is none, or is longer.</returns>
    public (byte[] Bytes, DateTimeOffset Written)? Read(string name, int longest)
    {
        var file = new FileInfo(Path.Combine(path, name));
        if (!file.Exists || file.Length > longest)
            return null;
        return (File.ReadAllBytes(file.FullName), new DateTimeOffset(file.LastWriteTimeUtc));
    }

    public void Delete(string name) => File.Delete(Path.Combine(path, name));

    /// <summary>Whole or not at all, also when the process dies here.</summary>
    public void Write(string name, byte[] content) => Write(Path.Combine(path, name), content, overwrite: true);

    private static void Write(string file, byte[] content, bool overwrite)
    {
        // Two gateways may make the secret at the same time: the first one's counts.
        var fresh = overwrite ? file + ".new" : $"{file}.{Environment.ProcessId}";
        File.Delete(fresh);
        using (
            var stream = new FileStream(
                fresh,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(fresh, file, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(file))
        {
            File.Delete(fresh);
        }
    }
}
