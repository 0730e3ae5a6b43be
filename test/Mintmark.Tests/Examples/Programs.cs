using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>What the examples are built and run by, as far as this machine has it.</summary>
static partial class Programs
{
    private static readonly (string Example, string What, string Program, string[] Question)[] Needed =
    [
        ("pricer", "Python 3.11 or newer", "python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]),
        ("orderdesk", "Node 20 or newer", "node", ["-e", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"]),
        ("orderdesk", "npm", "npm", ["--version"]),
    ];

    private static readonly ILookup<string, string> Missing = Needed
        .Where(n => !Runs(n.Program, n.Question))
        .ToLookup(n => n.Example, n => n.What);

    public static bool AreThereFor(string example) => !Missing.Contains(example);

    /// <summary>Skips the test where one is not there.</summary>
    public static void Require(string example) =>
        Assert.SkipUnless(
            AreThereFor(example),
            $"{example} needs {string.Join(" and ", Missing[example])}, which ./build installs where it may"
        );

    /// <summary>Skips the test where a build says that it reached no registry.</summary>
    public static void RequireRegistry(string said) =>
        Assert.SkipWhen(NoRegistry().IsMatch(said), "npm does not reach a registry from here");

    [GeneratedRegex(
        "npm (error|ERR!) (code|network) (ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NoRegistry();

    private static bool Runs(string program, string[] question)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, question) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
