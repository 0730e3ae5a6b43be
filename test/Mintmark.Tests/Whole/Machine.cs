using System.Diagnostics;
using Mintmark.Cli.Demo;
using Mintmark.Run;
using Mintmark.Server;
using Mintmark.Tests.Cli;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A folder with a control plane and a gateway as real processes, and the program as people call it.</summary>
public class Machine : IAsyncLifetime
{
    const UnixFileMode PassThrough =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    internal static readonly string Program = Path.Combine(AppContext.BaseDirectory, "mint");

    public Machine()
        : this(gateways: 1) { }

    protected Machine(int gateways)
    {
        Folder = Directory.CreateTempSubdirectory("mintmark-whole-").FullName;
        // Where root builds, others must be able to pass.
        File.SetUnixFileMode(Folder, PassThrough);
        Plane = new DemoPlane(Folder, Program, gateways);
    }

    public string Folder { get; }

    internal DemoPlane Plane { get; }

    public async ValueTask InitializeAsync() => await Plane.StartAsync(TestContext.Current.CancellationToken);

    internal Callers CallersOf(string service) => new(Plane.Addresses.Gateway, service);

    internal Task<Said> MintAsync(string folder, params string[] arguments) =>
        RunAsync(folder, [.. arguments, "--home", Plane.Home.Root, "--api", $"{Plane.Addresses.Api}"]);

    /// <summary>
    /// Ships what is checked out, and comes back when the release and its guard have ended and the gateways know it.
    /// </summary>
    internal async Task<Said> ShipAsync(Quotes service)
    {
        var shipped = await MintAsync(service.Folder, "ship", "--wait-guard");
        using var api = Plane.Connect();
        var end = (await StatusAsync()).Revision;
        await Eventually.HoldsAsync(
            async () => (await StatusAsync()).Gateways!.All(g => g.Leaving == true || g.Revision >= end),
            () => "the gateways go by it"
        );
        return shipped;

        Task<StatusAnswer> StatusAsync() => api.GetAsync<StatusAnswer>("/api/status", CancellationToken.None);
    }

    /// <summary>
    /// Halts a service, or all; once more where a gateway took so long that it was in the log and not confirmed.
    /// </summary>
    internal Task<Said> HaltAsync(string folder, params string[] arguments) =>
        Again.WhileAsync(
            said => said.Exit == 3 && said.Error.Contains("not confirmed", StringComparison.Ordinal),
            () => MintAsync(folder, ["halt", .. arguments])
        );

    /// <returns>Its command line; none where it has ended.</returns>
    internal static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    internal static async Task<Said> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MINTMARK_BY"] = "alice";
        using var mint = Process.Start(start)!;
        var error = mint.StandardError.ReadToEndAsync();
        var output = await mint.StandardOutput.ReadToEndAsync();
        await mint.WaitForExitAsync();
        return new Said(mint.ExitCode, output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Plane.DisposeAsync();
        FolderTree.Delete(Folder);
    }
}
