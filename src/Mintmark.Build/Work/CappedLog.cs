using System.Text;

namespace Mintmark.Build;

/// <summary>
/// A command's output on disk: the first bytes up to a limit as they come, then only the last ones, with a note of how
/// many are missing between. A command that floods its log neither fills the disk nor hides how it ended.
/// </summary>
internal sealed class CappedLog : IAsyncDisposable
{
    private const int TailBytes = 64 * 1024;

    private readonly FileStream file;
    private readonly long limit;
    private readonly byte[] tail = new byte[TailBytes];
    private long written;
    private long beyond;

    public CappedLog(string path, long limit)
    {
        this.limit = limit;
        file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var direct = (int)Math.Min(bytes.Length, limit - written);
        await file.WriteAsync(bytes[..direct], ct);
        written += direct;
        Remember(bytes.Span[direct..]);
    }

    public async ValueTask DisposeAsync()
    {
        await using (file)
        {
            if (beyond == 0)
                return;
            var kept = (int)Math.Min(beyond, TailBytes);
            if (beyond > kept)
                await file.WriteAsync(Encoding.UTF8.GetBytes($"\n[mintmark: {beyond - kept} bytes left out]\n"));
            var end = (int)(beyond % TailBytes);
            if (beyond > TailBytes)
                await file.WriteAsync(tail.AsMemory(end));
            await file.WriteAsync(tail.AsMemory(0, beyond > TailBytes ? end : kept));
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        // Of a long piece only the last bytes can be kept; the ring's position still counts all of them.
        var skipped = Math.Max(0, bytes.Length - TailBytes);
        beyond += skipped;
        foreach (var one in bytes[skipped..])
            tail[beyond++ % TailBytes] = one;
    }
}
