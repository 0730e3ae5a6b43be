using System.Net.Sockets;
using System.Security.Cryptography;

namespace Mintmark.Gateway;

/// <summary>The gateway's part of the home folder, held by one gateway at a time.</summary>
sealed class GatewayFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int SecretLength = 32;

    /// <summary>Longest path a Unix domain socket may have, with its closing zero.</summary>
    private const int MaxSocketPath = 107;

    private readonly string path;
    private readonly FileStream held;

    private GatewayFolder(string path, FileStream held) => (this.path, this.held) = (path, held);

    public string ControlSocket => Path.Combine(path, "control.sock");

    /// <exception cref="CannotStartException">Another gateway holds it, or it cannot be written.</exception>
    public static GatewayFolder Hold(string home)
    {
        var path = Path.Combine(home, "gateway");
        try
        {
            Directory.CreateDirectory(home, OwnerOnly | UnixFileMode.UserExecute);
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);
            var folder = new GatewayFolder(path, Lock(path));
            folder.ClearSocket();
            return folder;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"cannot use {path}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Makes assignments of clients to arms unpredictable, and the same after a restart.</summary>
    public byte[] Secret()
    {
        var file = Path.Combine(path, "secret");
        if (!File.Exists(file))
            Write("secret", RandomNumberGenerator.GetBytes(SecretLength));
        var secret = File.ReadAllBytes(file);
        return secret.Length == SecretLength
            ? secret
            : throw new CannotStartException($"{file} holds {secret.Length} bytes where {SecretLength} belong");
    }

    /// <summary>Process id and start time in clock ticks: together they name this process and no later one.</summary>
    public void WritePid()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ');
        var startTicks = fields[20];
        Write("pid", System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId} {startTicks}\n"));
    }

    /// <summary>The folder keeps others out already; this holds where the folder is moved or copied.</summary>
    public void MakeSocketPrivate() => File.SetUnixFileMode(ControlSocket, OwnerOnly);

    public void Dispose()
    {
        File.Delete(Path.Combine(path, "pid"));
        held.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            // The operating system lets go of it when the process ends, however it ends.
            return new FileStream(
                Path.Combine(path, "lock"),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                }
            );
        }
        catch (IOException inUse)
        {
            throw new CannotStartException($"another gateway runs on {path}", inUse);
        }
    }

    private void ClearSocket()
    {
        if (System.Text.Encoding.UTF8.GetByteCount(ControlSocket) > MaxSocketPath)
            throw new CannotStartException(
                $"{ControlSocket} is longer than the {MaxSocketPath} bytes of a socket's path"
            );
        if (!File.Exists(ControlSocket))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(ControlSocket));
        }
        catch (SocketException)
        {
            File.Delete(ControlSocket);
            return;
        }
        throw new CannotStartException($"something answers on {ControlSocket}");
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
    public void Write(string name, byte[] content)
    {
        var file = Path.Combine(path, name);
        var fresh = file + ".new";
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
        File.Move(fresh, file, overwrite: true);
    }
}
