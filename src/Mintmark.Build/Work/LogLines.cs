using System.Text;
using System.Text.RegularExpressions;

namespace Mintmark.Build;

internal static partial class LogLines
{
    private const int Window = 64 * 1024;
    private const int LongestLine = 500;

    /// <summary>The last lines of a log, safe to show: without colours and control characters.</summary>
    public static IReadOnlyList<string> Last(string path, int count)
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(Math.Max(0, file.Length - Window), SeekOrigin.Begin);
        var bytes = new byte[Window];
        var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, Window, throwOnEndOfStream: false));
        return [.. text.TrimEnd('\n', '\r').Split('\n').TakeLast(count).Select(Clean)];
    }

    public static string Clean(string line)
    {
        var plain = string.Concat(Escapes().Replace(line, "").Where(c => c == '\t' || !char.IsControl(c)));
        return plain.Length <= LongestLine ? plain : plain[..LongestLine] + "…";
    }

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escapes();
}
