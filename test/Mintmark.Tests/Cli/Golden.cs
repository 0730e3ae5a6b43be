using System.Text.RegularExpressions;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>
/// Approved transcripts beside the tests. With MINTMARK_APPROVE=1 a run writes them anew; look at the difference before
/// you commit it.
/// </summary>
static partial class Golden
{
    public static void Matches(string name, string actual)
    {
        var path = Checkout.In($"test/Mintmark.Tests/Cli/Golden/{name}.txt");
        var text = string.Join(
            '\n',
            actual.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(l => l.TrimEnd())
        );
        if (Environment.GetEnvironmentVariable("MINTMARK_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text + "\n");
        }
        Assert.True(File.Exists(path), $"no transcript {name} was approved yet; this is what there is:\n{text}");
        Assert.Equal(File.ReadAllText(path).TrimEnd('\n'), text);
    }

    /// <summary>What differs from run to run or with every new event: folders, ports, commits, digests.</summary>
    public static string Normal(string text, string folder)
    {
        var here = text.Replace(folder, "FOLDER", StringComparison.Ordinal);
        return Commit().Replace(Digest().Replace(Port().Replace(here, "127.0.0.1:PORT"), "DIGEST"), "COMMIT");
    }

    [GeneratedRegex(@"127\.0\.0\.1:[0-9]{5}\b", RegexOptions.None, 1000)]
    private static partial Regex Port();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b", RegexOptions.None, 1000)]
    private static partial Regex Digest();

    [GeneratedRegex(@"\b[0-9a-f]{12}\b", RegexOptions.None, 1000)]
    private static partial Regex Commit();
}
