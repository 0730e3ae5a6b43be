using System.Diagnostics;
using System.Globalization;
using Mintmark.Log;

namespace Mintmark.Simulation;

/// <summary>
/// A real process that appends as fast as it can and says what it has acknowledged, killed again and again. Each time
/// the log must verify and hold all that was said.
/// </summary>
internal static class Kills
{
    private const string Origin = "kills";
    private const int BatchSize = 16;
    private const int LongestLifeMilliseconds = 120;

    public static async Task<int> RunAsync(int kills)
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-kills-").FullName;
        var random = new Random(1);
        var (entries, lost) = (0L, 0);
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                var acknowledged = await LiveAndDieAsync(folder, random.Next(LongestLifeMilliseconds));
                var (size, holds) = Verify(folder);
                if (!holds || size < Math.Max(acknowledged, entries))
                {
                    Console.WriteLine($"kill {kill}: {acknowledged} acknowledged, {size} there, verifies: {holds}");
                    lost++;
                }
                entries = size;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine($"{kills} kills under load, {entries} entries; {kills - lost} passed, {lost} failed");
        return lost == 0 && entries > 0 ? 0 : 1;
    }

    /// <summary>The process that is killed: appends for ever.</summary>
    public static void Append(string folder)
    {
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "key.pem"));
        using var log = MerkleLog.Open(SqliteStorage.Open(Path.Combine(folder, "log.db")), key, Origin);
        while (true)
        {
            log.Append([.. Enumerable.Range(0, BatchSize).Select(i => BitConverter.GetBytes(log.Size + i))]);
            Console.WriteLine(log.Size);
        }
    }

    private static async Task<long> LiveAndDieAsync(string folder, int milliseconds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--append", folder])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        // Its first append shows that it has recovered; only then its time runs.
        var said = await process.StandardOutput.ReadLineAsync();
        await Task.Delay(milliseconds);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said = line;
        await process.WaitForExitAsync();
        return said is null ? 0 : long.Parse(said, CultureInfo.InvariantCulture);
    }

    private static (long Size, bool Holds) Verify(string folder)
    {
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "key.pem"));
        using var verifier = LogVerifier.Parse(key.VerifierText(Origin));
        using var storage = SqliteStorage.OpenReadOnly(Path.Combine(folder, "log.db"));
        var report = LogVerification.Verify(storage, verifier);
        return (report.Entries, report.Holds);
    }
}
