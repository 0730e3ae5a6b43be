using System.Net.Sockets;
using System.Text;

namespace Mintmark.Tests.Gateway;

/// <summary>Sends bytes as they are and reads until the gateway closes.</summary>
static class RawClient
{
    public static async Task<string> AskAsync(Rig rig, string bytes)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        return await ReadAsync(stream);
    }

    /// <summary>What came until the connection ended, however it did.</summary>
    public static async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            text.Append("<reset>");
        }
        return text.ToString();
    }

    /// <summary>Status and body, without the headers.</summary>
    public static string Short(string answer)
    {
        var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return body < 0 ? answer : $"{answer["HTTP/1.1 ".Length..][..3]} {answer[(body + 4)..]}".TrimEnd(' ');
    }
}
