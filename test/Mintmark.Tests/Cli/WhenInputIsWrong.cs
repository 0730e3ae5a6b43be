using System.Text;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenInputIsWrong
{
    private static readonly string[] Commands =
    [
        "",
        "frobnicate",
        "log",
        "halt --reason x",
        "halt bank --all --reason x",
        "halt bank",
        "halt Bank --reason x",
        "freeze --all --reason ''",
        "rollback bank --to bank-017 --reason x",
        "rollback --reason x",
        "show 12",
        "show rel-12 rel-13",
        "releases --limit 0",
        "status --api nowhere",
        "status --api 192.0.2.7:7400",
        "up --api 0.0.0.0:7400",
        "up --gateway 127.0.0.1",
        "up --access-log ''",
        "up --otlp ''",
        "up --otlp 127.0.0.1:4318",
        "up --gateway-tls 0.0.0.0:7443",
        "init --profile gambling",
        "ship --frob",
        "trace",
        "log export --frob",
        "log verify nowhere",
        "log verify --key nowhere",
    ];

    [Fact]
    public async Task ItIsRefusedWithWhatIsAccepted()
    {
        using var mint = new Mint();
        var transcript = new StringBuilder();
        foreach (var command in Commands)
        {
            string[] arguments =
            [
                .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a == "''" ? "" : a),
            ];
            var said = await mint.RunAsync(arguments);
            transcript.AppendLine(said.Transcript(command));
            Assert.Equal((2, ""), (said.Exit, said.Out));
            Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
        }
        Golden.Matches("wrong-input", transcript.ToString());
    }
}
