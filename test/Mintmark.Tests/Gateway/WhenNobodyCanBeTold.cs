using System.Diagnostics;
using System.Net;
using Mintmark.Gateway;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Standard error is often a file on the disk that is full.</summary>
public sealed class WhenNobodyCanBeTold
{
    [Fact]
    public async Task TheAccessLogIsWrittenAgainAllTheSame()
    {
        await using var bank = await Instance.SayingAsync("ok");
        var home = Directory.CreateTempSubdirectory("mintmark-full-").FullName;
        new KeptTable(GatewayFolder.Open(home, name: null)).Keep(new RouteTable(1, null, [Rig.Alone(bank)]));

        // Where it opens the next file only after there is room again, nothing was lost.
        var log = await Again.WhileAsync(
            written => !written.Contains("\"lost\":1", StringComparison.Ordinal),
            () => LogAsync(home)
        );

        Assert.Contains("\"lost\":1", log, StringComparison.Ordinal);

        Directory.Delete(home, recursive: true);
    }

    /// <returns>What a gateway has written after it could not.</returns>
    static async Task<string> LogAsync(string home, int tries = 5)
    {
        var access = Path.Combine(home, "gateway", "access");
        var place = Rig.FreePlace();
        using var child = new Child(Start(home, place));
        var gateway = child.Process;
        var pid = Path.Combine(home, "gateway", "pid");
        await Eventually.HoldsAsync(() => gateway.HasExited || File.Exists(pid), "it serves");
        if (gateway.HasExited && tries > 0)
        {
            // Somebody else has got its port meanwhile.
            Assert.Equal(GatewayExit.CannotStart, gateway.ExitCode);
            return await LogAsync(home, tries - 1);
        }

        // A file where its folder was: no line can be written.
        Directory.Delete(access, recursive: true);
        await File.WriteAllTextAsync(access, "");
        using (var client = await RawConnection.ToAsync(place))
        {
            await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Contains("200 OK", await client.ReadAsync("ok"), StringComparison.Ordinal);
        }
        await Eventually.HoldsAsync(() => !Holds(gateway, "access.jsonl"), "it has tried to open another file");
        File.Delete(access);
        Directory.CreateDirectory(access);

        var log = Path.Combine(access, "access.jsonl");
        await Eventually.HoldsAsync(() => new FileInfo(log) is { Exists: true, Length: > 0 }, "lines are written");
        Process.Start("kill", [$"{gateway.Id}"]).Dispose();
        await gateway.WaitForExitAsync();
        Assert.Equal(0, gateway.ExitCode);
        return await File.ReadAllTextAsync(log);
    }

    /// <summary>Nothing can be written where its standard error goes.</summary>
    static Process Start(string home, IPEndPoint place) =>
        Process.Start(
            "bash",
            [
                "-c",
                "exec \"$@\" 2>/dev/full",
                "gateway",
                Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway"),
                "--home",
                home,
                "--listen",
                $"{place}",
            ]
        );

    static bool Holds(Process process, string file) =>
        Directory
            .EnumerateFiles($"/proc/{process.Id}/fd")
            .Any(d => new FileInfo(d).LinkTarget?.Contains(file, StringComparison.Ordinal) == true);
}
