using System.Net;
using Mintmark.Gateway;
using Mintmark.Gateway.Lines;

namespace Mintmark.Bench;

/// <summary>What a gateway does beside each request: tell of it in the access log, and count who asked.</summary>
internal static class RequestCost
{
    private const int LinesAtOnce = 4_000;
    private const int WarmRounds = 20;
    private const int Rounds = 40;
    private const int Clients = ClientTable.Most;

    public static async Task<IReadOnlyList<Figure>> RunAsync() =>
        [
            Figure.Reported("telling a request in the access log", await LineAsync(), "ns"),
            Figure.Reported("of these, making the line", MadeLine(), "ns"),
            Figure.AtMost("counting one of 100,000 clients", Client(), "ns", 100),
        ];

    /// <summary>Of all threads, so with writing the file.</summary>
    private static async Task<double> LineAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        var log = new AccessLog(new LineFiles(folder), TimeProvider.System);
        var line = Line();
        // What is compiled only in use is compiled.
        for (var warm = 0; warm < WarmRounds; warm++)
            await RoundAsync(log, line);
        var began = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < Rounds; round++)
            await RoundAsync(log, line);
        var took = Environment.CpuUsage.TotalTime - began;
        var lost = log.Lost;
        await log.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        return lost == 0
            ? took.TotalNanoseconds / Rounds / LinesAtOnce
            : throw new InvalidOperationException($"{lost} lines were lost while they were measured");
    }

    private static double MadeLine()
    {
        var into = new byte[AccessLine.Longest];
        var line = Line();
        for (var i = 0; i < WarmRounds * LinesAtOnce; i++)
            line.Write(into);
        var began = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Rounds * LinesAtOnce; i++)
            line.Write(into);
        return (Environment.CpuUsage.TotalTime - began).TotalNanoseconds / Rounds / LinesAtOnce;
    }

    private static async Task RoundAsync(AccessLog log, AccessLine line)
    {
        for (var i = 0; i < LinesAtOnce; i++)
            log.Add(line);
        await Task.Delay(50);
    }

    private static double Client()
    {
        var table = new ClientTable();
        for (var warm = 0; warm < WarmRounds; warm++)
            Count(table, now: 1);
        var began = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < Rounds; round++)
            Count(table, now: 2 + round / 4);
        return (Environment.CpuUsage.TotalTime - began).TotalNanoseconds / Rounds / Clients;
    }

    private static void Count(ClientTable table, int now)
    {
        for (var i = 1; i <= Clients; i++)
            table.Saw((ulong)i * 0x9E37_79B9_7F4A_7C15, now);
    }

    private static AccessLine Line() =>
        new(
            DateTime.UtcNow,
            IPAddress.Loopback,
            "bank-17.40.mi3k2p1x.1f",
            "bank-17",
            "bank",
            0x0123_4567_89ab_cdef,
            "GET",
            "/accounts/7/statements?month=11",
            200,
            0,
            1_024,
            812,
            1_034,
            "answered",
            null
        );
}
