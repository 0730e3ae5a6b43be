using System.Buffers.Text;
using System.Text;

namespace Mintmark.Run;

/// <summary>The fields of /proc/PID/stat that tell one process from another.</summary>
internal readonly record struct ProcStat(char State, int Parent, int Session, long StartTicks)
{
    private const int StateField = 3;
    private const int ParentField = 4;
    private const int SessionField = 6;
    private const int StartField = 22;

    public bool Lives => State is not ('Z' or 'X');

    /// <returns>Null where there is no such process.</returns>
    public static ProcStat? Read(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = ProcFile.Read($"/proc/{pid}/stat", buffer);
        return length == 0 ? null : Parse(buffer[..length]);
    }

    public static ProcStat Parse(ReadOnlySpan<byte> line)
    {
        // The second field is the program's name in brackets and may hold anything, brackets and blanks too.
        var rest = line[(line.LastIndexOf((byte)')') + 2)..];
        var (state, parent, session, start) = ('X', 0, 0, 0L);
        var field = StateField;
        foreach (var range in rest.Split((byte)' '))
        {
            var text = rest[range];
            if (field == StateField)
                state = (char)text[0];
            else if (field == ParentField)
                Utf8Parser.TryParse(text, out parent, out _);
            else if (field == SessionField)
                Utf8Parser.TryParse(text, out session, out _);
            else if (field == StartField)
                Utf8Parser.TryParse(text, out start, out _);
            if (field++ == StartField)
                break;
        }
        return new ProcStat(state, parent, session, start);
    }
}

internal static class ProcFile
{
    /// <returns>Bytes read; 0 where the process has gone or is not ours to look at.</returns>
    public static int Read(string path, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(file, buffer[length..], length) is > 0 and var read)
                length += read;
            return length;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The value of one environment variable of a process; null where it has none.</summary>
    public static string? Variable(int pid, string name)
    {
        var buffer = new byte[1 << 17];
        ReadOnlySpan<byte> all = buffer.AsSpan(0, Read($"/proc/{pid}/environ", buffer));
        var wanted = Encoding.UTF8.GetBytes(name + "=");
        foreach (var range in all.Split((byte)0))
        {
            if (all[range].StartsWith(wanted))
                return Encoding.UTF8.GetString(all[range][wanted.Length..]);
        }
        return null;
    }

    /// <summary>Resident memory that is not shared with a file: what the process itself is the reason for.</summary>
    public static long OwnMemory(int pid)
    {
        Span<byte> buffer = stackalloc byte[128];
        var line = Encoding.ASCII.GetString(buffer[..Read($"/proc/{pid}/statm", buffer)]).Split(' ');
        return line.Length > 2 ? (long.Parse(line[1]) - long.Parse(line[2])) * Environment.SystemPageSize : 0;
    }
}
