using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>Times, sizes and names as people read them.</summary>
internal static class Words
{
    private const int ShortCommitLength = 12;
    private const int ShortDigestLength = 19;
    private static readonly string[] ByteUnits = ["B", "KB", "MB", "GB", "TB"];

    public static string Time(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    public static string Clock(DateTimeOffset at) => $"{at.UtcDateTime:HH:mm:ss}";

    public static string Duration(TimeSpan time) =>
        time.TotalSeconds < 10 ? $"{Math.Max(0, time.TotalSeconds):0.0} s"
        : time.TotalSeconds < 60 ? $"{(int)time.TotalSeconds} s"
        : time.TotalMinutes < 60 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : time.TotalHours < 24 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : $"{(int)time.TotalDays} d {time.Hours} h";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => $"{Duration(now - at)} ago";

    public static string Bytes(long bytes)
    {
        var unit = 0;
        var size = (double)bytes;
        for (; size >= 1000 && unit < ByteUnits.Length - 1; unit++)
            size /= 1000;
        return unit == 0 ? $"{bytes} B" : $"{size:0.0} {ByteUnits[unit]}";
    }

    public static string Count(long count, string one, string? several = null) =>
        $"{count:#,0} {(count == 1 ? one : several ?? one + "s")}";

    /// <summary>As many digits as a rate of so many requests can carry.</summary>
    public static string Rate(long part, long whole) => whole == 0 ? "-" : $"{100.0 * part / whole:0.##} %";

    public static string Commit(string commit) => commit[..Math.Min(ShortCommitLength, commit.Length)];

    public static string Digest(string digest) => digest[..Math.Min(ShortDigestLength, digest.Length)];

    public static string Lower<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace('-', ' ');

    /// <summary>Where a release is, in two words or three.</summary>
    public static Ink Place(Release release) =>
        release.Outcome is { } outcome ? new(Lower(outcome), outcome == Outcome.Promoted ? Tone.Good : Tone.Bad)
        : release.Phase == Phase.Ramping ? new($"ramping, {release.Steps[^1].Share}", Tone.Waiting)
        : release.Phase == Phase.Guarding ? new("promoted, in guard", Tone.Good)
        : release.Stage is { } stage ? new($"building, {Lower(stage)}", Tone.Waiting)
        : new(Lower(release.Phase), Tone.Waiting);
}
