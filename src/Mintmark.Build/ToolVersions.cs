using System.Text;
using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// Which programs take part in a build, judged by the words of its commands, with their versions and digests.
/// </summary>
internal static partial class ToolVersions
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int LongestAnswer = 100;

    /// <summary>
    /// Where tells the program itself, since what the path has may be a script that starts it; of .NET the folder of
    /// the SDK, which has its compilers.
    /// </summary>
    private static readonly (string Name, string Ask, string Where, string[] Words)[] Known =
    [
        ("git", "git --version", "command -v git", []),
        (
            "dotnet",
            "dotnet --version",
            "d=$(readlink -f \"$(command -v dotnet)\") && echo \"${d%/*}/sdk/$(dotnet --version)\"",
            ["dotnet"]
        ),
        ("node", "node --version", "node -p process.execPath", ["node", "npm", "npx", "yarn", "pnpm"]),
        (
            "python",
            "python3 --version",
            "python3 -I -c 'import sys; print(sys.executable)'",
            ["python", "python3", "pip", "pip3", "pytest"]
        ),
        ("go", "go version", "echo \"$(go env GOROOT)/bin/go\"", ["go"]),
        ("rust", "rustc --version", "echo \"$(rustc --print sysroot)/bin/rustc\"", ["cargo", "rustc"]),
        ("java", "java --version", "command -v java", ["java", "javac", "mvn", "gradle"]),
    ];

    public static async Task<IReadOnlyList<Tool>> ReadAsync(
        Manifest manifest,
        Func<string, ShellCommand> command,
        ToolDigests digests,
        CancellationToken ct
    )
    {
        string[] commands = [manifest.Build.Command, manifest.Smoke.Command, manifest.Full.Command];
        var words = commands.SelectMany(c => Words().Matches(c)).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var tools = new List<Tool>();
        foreach (var (name, ask, where, mentions) in Known)
        {
            if (mentions.Length > 0 && !mentions.Any(words.Contains))
                continue;
            if (await AnswerAsync(command(ask), ct) is not { } line || VersionIn(line) is not { } version)
                continue;
            var place = await AnswerAsync(command(where), ct);
            tools.Add(new Tool(name, version, place is null ? null : digests.Of(WithoutLinks(place))));
        }
        return tools;
    }

    /// <summary>Without the program's name.</summary>
    private static string? VersionIn(string line)
    {
        var version = Version().Match(line);
        var answer = version.Success ? version.Value : LogLines.Clean(line).Trim();
        return answer.Length is > 0 and <= LongestAnswer ? answer : null;
    }

    private static string WithoutLinks(string place)
    {
        try
        {
            return File.ResolveLinkTarget(place, returnFinalTarget: true)?.FullName ?? place;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return place;
        }
    }

    /// <summary>The first line; null where the program is not there.</summary>
    private static async Task<string?> AnswerAsync(ShellCommand command, CancellationToken ct)
    {
        using var said = new MemoryStream();
        var end = await command.RunAsync(
            (bytes, _) =>
            {
                said.Write(bytes.Span[..(int)Math.Min(bytes.Length, 4096 - said.Length)]);
                return Task.CompletedTask;
            },
            ct
        );
        var line = Encoding.UTF8.GetString(said.ToArray()).Split('\n')[0].Trim();
        return end is CommandEnd.Exited { Status: 0 } && line.Length > 0 ? line : null;
    }

    [GeneratedRegex(@"(?<![\w./-])[a-z][a-z0-9]*(?![\w-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"\d+(\.\d+)+[\w.+-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
