using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mintmark.Tests.Gateway;

/// <summary>A connection that says what it is told to, and does not wait unless asked.</summary>
sealed class RawConnection : IDisposable
{
    readonly TcpClient connection;

    RawConnection(TcpClient connection) => this.connection = connection;

    /// <param name="from">An address of this machine; null for any.</param>
    public static async Task<RawConnection> ToAsync(IPEndPoint gateway, string? from = null)
    {
        var raw = new RawConnection(from is null ? new() : new(new IPEndPoint(IPAddress.Parse(from), 0)));
        await raw.connection.ConnectAsync(gateway);
        return raw;
    }

    public Task SendAsync(string bytes) => connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes)).AsTask();

    /// <summary>What came until that was in it, or the connection did.</summary>
    public async Task<string> ReadAsync(string until)
    {
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        while (!text.ToString().Contains(until, StringComparison.Ordinal))
        {
            var read = await connection.GetStream().ReadAsync(buffer);
            if (read == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    /// <summary>What came until the connection ended; throws where it was reset.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new StreamReader(connection.GetStream(), Encoding.Latin1, leaveOpen: true);
        return await all.ReadToEndAsync();
    }

    /// <returns>Whether the other side still takes it.</returns>
    public async Task<bool> TrySendAsync(string bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Until the other side ends it, however it does.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await connection.GetStream().ReadAsync(buffer, ct) > 0)
                continue;
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            // That is an end too.
        }
    }

    /// <summary>Whether the other side has broken it off, or ended it without a word.</summary>
    public async Task<bool> IsCutAsync()
    {
        try
        {
            return await connection.GetStream().ReadAsync(new byte[1]) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Breaks it off, so that the other side hears at once.</summary>
    public void Reset()
    {
        connection.LingerState = new LingerOption(enable: true, seconds: 0);
        connection.Dispose();
    }

    public void Dispose() => connection.Dispose();
}
