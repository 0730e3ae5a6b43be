using System.Text;
using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Which programs take part in a build, judged by the words of its commands, and their versions.</summary>
internal static partial class ToolVersions
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int LongestAnswer = 100;

    private static readonly (string Name, string Ask, string[] Words)[] Known =
    [
        ("git", "git --version", []),
        ("dotnet", "dotnet --version", ["dotnet"]),
        ("node", "node --version", ["node", "npm", "npx", "yarn", "pnpm"]),
        ("python", "python3 --version", ["python", "python3", "pip", "pip3", "pytest"]),
        ("go", "go version", ["go"]),
        ("rust", "rustc --version", ["cargo", "rustc"]),
        ("java", "java --version", ["java", "javac", "mvn", "gradle"]),
    ];

    public static async Task<IReadOnlyList<Tool>> ReadAsync(
        Manifest manifest,
        Func<string, ShellCommand> command,
        CancellationToken ct
    )
    {
        string[] commands = [manifest.Build.Command, manifest.Smoke.Command, manifest.Full.Command];
        var words = commands.SelectMany(c => Words().Matches(c)).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var tools = new List<Tool>();
        foreach (var (name, ask, mentions) in Known)
        {
            if (mentions.Length > 0 && !mentions.Any(words.Contains))
                continue;
            if (await AnswerAsync(command(ask), ct) is { } version)
                tools.Add(new Tool(name, version));
        }
        return tools;
    }

    /// <summary>The first line, without the program's name; null where the program is not there.</summary>
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
        var line = Encoding.UTF8.GetString(said.ToArray()).Split('\n')[0];
        var version = Version().Match(line);
        var answer = version.Success ? version.Value : LogLines.Clean(line).Trim();
        return end is CommandEnd.Exited { Status: 0 } && answer.Length is > 0 and <= LongestAnswer ? answer : null;
    }

    [GeneratedRegex(@"(?<![\w./-])[a-z][a-z0-9]*(?![\w-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"\d+(\.\d+)+[\w.+-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
