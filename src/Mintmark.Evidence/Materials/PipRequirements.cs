using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>A requirements file of pip: packages of an exact version, with the hashes that pip holds them to.</summary>
internal static partial class PipRequirements
{
    /// <param name="isRead">Whether a file of the build is read for packages, too.</param>
    public static void Read(string file, byte[] bytes, Func<string, bool> isRead, Materials into)
    {
        foreach (var (number, text) in Lines(file, bytes))
        {
            if (text.StartsWith('-'))
                ReadOption(file, number, text, isRead, into);
            else
                ReadPackage(file, number, text, into);
        }
    }

    private static void ReadOption(string file, int number, string text, Func<string, bool> isRead, Materials into)
    {
        // Other files of the repository are found by their own names; what else is installed is not known by version.
        if (text.StartsWith("-e", StringComparison.Ordinal) || text.StartsWith("--editable", StringComparison.Ordinal))
            into.Leave($"python: {file} line {number} installs a folder or repository");
        if (Another().Match(text) is not { Success: true } another)
            return;
        var target = another.Groups["target"].Value;
        if (target.Contains('\0', StringComparison.Ordinal) || target[0] == '/' || !isRead(Beside(file, target)))
            into.Leave($"python: {file} line {number} goes on in {target}, which is not read");
    }

    private static string Beside(string file, string target) => Path.GetFullPath($"/{file}/../{target}")[1..];

    private static void ReadPackage(string file, int number, string text, Materials into)
    {
        var requirement = text.Split(" --", 2)[0].Split(';')[0].Trim();
        var name = Name().Match(requirement);
        if (!name.Success)
            throw new MaterialsException(file, $"line {number}", "accepted: NAME==VERSION with --hash=sha256:…");
        var pinned = Pinned().Match(requirement[name.Length..]);
        if (!pinned.Success)
        {
            into.Leave($"python: {file} line {number} names no exact version of {name.Value}");
            return;
        }
        var normal = PypiName.Normal(name.Value);
        var version = pinned.Groups["version"].Value;
        var hashes = Hash().Matches(text).Select(m => HashOf(file, number, m)).ToList();
        var purl = Purl.Pypi(normal, version);
        into.Add(new Component(purl, null, normal, version, Use.Required, hashes, [file]));
    }

    private static Checksum HashOf(string file, int number, Match hash)
    {
        var hex = hash.Groups["hex"].Value;
        return
            hex.Length % 2 == 0
            && hex.All(char.IsAsciiHexDigit)
            && Checksum.Of(hash.Groups["algorithm"].Value, Convert.FromHexString(hex)) is { } checksum
            ? checksum
            : throw new MaterialsException(file, $"line {number}", "accepted: --hash=sha256: and 64 digits");
    }

    /// <summary>Logical lines with the number of the first: a line that ends with a backslash goes on.</summary>
    private static IEnumerable<(int Number, string Text)> Lines(string file, byte[] bytes)
    {
        var lines = PlainLines.Of(file, bytes);
        var text = new StringBuilder();
        var began = 1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (text.Length == 0)
                began = i + 1;
            var line = Comment().Replace(lines[i], "").TrimEnd();
            if (line.EndsWith('\\') && i + 1 < lines.Length)
            {
                text.Append(CultureInfo.InvariantCulture, $"{line[..^1]} ");
                continue;
            }
            text.Append(line);
            if (text.ToString().Trim() is { Length: > 0 } whole)
                yield return (began, whole);
            text.Clear();
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^\s*(\[[A-Za-z0-9._,\s-]*\])?\s*={2,3}\s*(?<version>[A-Za-z0-9.!+_-]+)\s*\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pinned();

    [GeneratedRegex(@"--hash[=\s]\s*(?<algorithm>[a-z0-9]+):(?<hex>\S*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hash();

    [GeneratedRegex(
        @"^(-r|-c|--requirement\b|--constraint\b)[=\s]*(?<target>\S.*)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Another();

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();
}

internal static class PlainLines
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <exception cref="MaterialsException">It is not UTF-8.</exception>
    public static string[] Of(string file, byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        }
        catch (DecoderFallbackException)
        {
            throw new MaterialsException(file, "as a whole", "it is not UTF-8");
        }
    }
}
