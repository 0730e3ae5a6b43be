using System.Diagnostics;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Clients by others: curl and wrk of Debian, and Node with ws, which npm gets for <c>./build</c>.</summary>
static class Peer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task<(int Exit, string Out, string Error)> CurlAsync(params string[] arguments)
    {
        Assert.SkipUnless(IsThere("curl"), "curl is not installed: ./build installs it");
        return RunAsync("curl", ["--silent", "--show-error", "--noproxy", "*", "--max-time", "50", .. arguments]);
    }

    public static Task<(int Exit, string Out, string Error)> WrkAsync(params string[] arguments)
    {
        Assert.SkipUnless(IsThere("wrk"), "wrk is not installed: ./build installs it");
        return RunAsync("wrk", arguments);
    }

    public static Task<(int Exit, string Out, string Error)> NodeAsync(string what, string url)
    {
        var modules = Checkout.In("artifacts/thirdparty/node_modules");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(modules, "ws")),
            "ws is not installed: npm install --prefix artifacts/thirdparty, as ./build does"
        );
        return RunAsync("node", [Checkout.In("test/thirdparty/peer.cjs"), what, url], ("NODE_PATH", modules));
    }

    static async Task<(int Exit, string Out, string Error)> RunAsync(
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(Patience);
        await using var end = late.Token.Register(() => process.Kill());
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }

    static bool IsThere(string program) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
