using System.Diagnostics;
using Xunit;

namespace Mintmark.Tests.House;

public sealed class WhenTheSdkIsMissing : IDisposable
{
    private readonly DirectoryInfo programs = Directory.CreateTempSubdirectory("mintmark-path-");

    /// <summary>A machine that has what the scripts use before they look for the SDK, and nothing else.</summary>
    public WhenTheSdkIsMissing()
    {
        foreach (var name in (string[])["bash", "dirname", "readlink"])
        {
            var folders = Environment.GetEnvironmentVariable("PATH")!.Split(':');
            var program = folders.Select(folder => Path.Combine(folder, name)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(programs.FullName, name), program);
        }
    }

    [Theory]
    [InlineData("mint")]
    [InlineData("build")]
    public async Task OneLineSaysWhatToInstall(string script)
    {
        var start = new ProcessStartInfo(Checkout.In(script), ["status"]) { RedirectStandardError = true };
        start.Environment["PATH"] = programs.FullName;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(
            $"{script}: needs the .NET 10 SDK: install dotnet-sdk-10.0 "
                + "(https://dotnet.microsoft.com/download/dotnet/10.0)\n",
            said
        );
        Assert.Equal(3, process.ExitCode);
    }

    public void Dispose() => programs.Delete(recursive: true);
}
