using System.Text.RegularExpressions;
using Xunit;

namespace Mintmark.Tests.House;

public sealed partial class WhenTheHouseIsTidy
{
    private const int LongestFile = 400;
    private const int LongestFunction = 59;
    private const int LongestLine = 120;
    private const int LongestReadme = 30;

    [Fact]
    public void NoSourceFileIsLongerThan400Lines() =>
        None(
            from file in Checkout.Sources
            let length = Checkout.Lines(file).Length
            where length > LongestFile
            select $"{file}: {length} lines"
        );

    [Fact]
    public void EveryFunctionIsShorterThan60Lines() =>
        None(
            from file in Checkout.Sources
            from block in Blocks.Of(Checkout.Lines(file))
            where !block.IsType && block.Length > LongestFunction
            select $"{file}:{block.Line}: {block.Length} lines"
        );

    [Fact]
    public void NoLineIsLongerThan120Characters() =>
        None(
            from file in Checkout.Sources.Concat(Scripts)
            from line in Numbered(file)
            where line.Text.Length > LongestLine
            select $"{file}:{line.Number}: {line.Text.Length} characters"
        );

    [Fact]
    public void NoTypeHasANameThatSaysNothing() =>
        None(
            from file in Checkout.Sources
            from line in Numbered(file)
            from Match declared in TypeName().Matches(line.Text)
            let name = declared.Groups["name"].Value
            where EmptyEnding().IsMatch(name) && name != "Service"
            select $"{file}:{line.Number}: {name}"
        );

    [Fact]
    public void NoFileOrProjectHasANameThatSaysNothing() =>
        None(
            from file in Checkout.Files
            from part in file.Split('/')
            from name in part.Split('.')
            where EmptyEnding().IsMatch(name)
            select file
        );

    [Fact]
    public void NothingSleeps() => Nowhere(Checkout.Sources, "Thread" + ".Sleep");

    [Fact]
    public void NothingIsLeftForLater() => Nowhere(Texts, "TO" + "DO", "FIX" + "ME");

    [Fact]
    public void NoTestIsSkipped() =>
        None(
            from file in Checkout.Sources
            from line in Numbered(file)
            // Those that need a program by others, which ./build installs where it can, say that it is not there.
            where SkippedTest().IsMatch(line.Text)
            where !file.EndsWith("/WhenAStrangerVerifies.cs", default) && !file.EndsWith("/Stranger.cs", default)
            where !file.EndsWith("/Peer.cs", default) && !file.EndsWith("/Examples/Programs.cs", default)
            select $"{file}:{line.Number}"
        );

    [Fact]
    public void NoFileNamesAMachineOrAPackageHost() =>
        Nowhere(
            Texts,
            "/wo" + "rk/",
            "/tmp/w" + "t",
            "/ro" + "ot/",
            "api.nu" + "get",
            "registry.np" + "mjs",
            "artif" + "actory"
        );

    [Fact]
    public void EveryPartSaysInAFewLinesWhatItKnows() =>
        None(
            from project in Checkout.Projects
            where project.StartsWith("src/", StringComparison.Ordinal)
            let readme = Path.Combine(Path.GetDirectoryName(project)!, "README.md")
            let length = Checkout.Files.Contains(readme) ? Checkout.Lines(readme).Length : 0
            where length is 0 or > LongestReadme
            select $"{readme}: {length} lines"
        );

    [Fact]
    public void EveryRuleThatIsSwitchedOffSaysWhy() =>
        None(
            from line in Numbered(".editorconfig")
            where SwitchedOff().IsMatch(line.Text)
            select $".editorconfig:{line.Number}: {line.Text}"
        );

    private static IEnumerable<string> Scripts => ["mint", "build", ".ci/run"];

    private static IEnumerable<string> Texts =>
        Checkout.Files.Where(f => Path.GetExtension(f) is not (".png" or ".ico" or ".db" or ".gz" or ".tar"));

    private static void None(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static void Nowhere(IEnumerable<string> files, params string[] needles) =>
        None(
            from file in files
            from line in Numbered(file)
            from needle in needles
            where line.Text.Contains(needle, StringComparison.Ordinal)
            select $"{file}:{line.Number}: {needle}"
        );

    private static IEnumerable<(int Number, string Text)> Numbered(string file) =>
        Checkout.Lines(file).Select((text, index) => (index + 1, text));

    [GeneratedRegex(
        @"(?<![\w/""])(class|struct|interface|enum|record)\s+(?<name>[A-Z]\w*)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TypeName();

    [GeneratedRegex(
        "([a-z]|^)(Manager|Helpers?|Utils?|Utility|Common|Impl|Base|Data|Info|Processor|Service)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex EmptyEnding();

    [GeneratedRegex(@"(Fact|Theory|InlineData)\b.*\bSkip\w* =|Assert\.Skip", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"severity\s*=\s*none\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SwitchedOff();
}
