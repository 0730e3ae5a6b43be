using System.Diagnostics;
using Mintmark.Log;
using Npgsql;

namespace Mintmark.Simulation;

/// <summary>A PostgreSQL of one's own, on a socket in a folder, both of which go when it is disposed.</summary>
public sealed class PrivatePostgres : IDisposable
{
    /// <summary>nobody: it refuses to run as root, and as a user that has no name.</summary>
    private const int User = 65_534;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-pg-").FullName;
    private readonly Process server;
    private int databases;

    /// <param name="isDurable">False where its answers matter, and not what a crash of the machine would leave.</param>
    /// <exception cref="InvalidOperationException">There is none on this machine, or it does not start.</exception>
    public PrivatePostgres(bool isDurable)
    {
        var programs = Programs ?? throw new InvalidOperationException("install PostgreSQL (Debian: postgresql)");
        if (Environment.IsPrivilegedProcess)
            Run("chown", $"{User}:{User}", folder).WaitForExit();
        var files = Path.Combine(folder, "files");
        using (
            var init = Start(programs, "initdb", "-D", files, "-U", "mint", "-A", "trust", "--no-sync", "-E", "UTF8")
        )
        {
            var said = init.StandardError.ReadToEnd();
            init.WaitForExit();
            if (init.ExitCode != 0)
                throw new InvalidOperationException(said);
        }
        var fsync = isDurable ? "fsync=on" : "fsync=off";
        server = Start(programs, "postgres", "-D", files, "-k", folder, "-c", "listen_addresses=", "-c", fsync);
        var began = Stopwatch.GetTimestamp();
        while (!Answers())
        {
            if (server.HasExited || Stopwatch.GetElapsedTime(began) > LongestStart)
                throw new InvalidOperationException("PostgreSQL does not start");
        }
    }

    /// <summary>Where its programs are, the latest version of them; null where there is none.</summary>
    public static string? Programs =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(v => Path.Combine(v, "bin"))
                .Where(b => File.Exists(Path.Combine(b, "postgres")))
                .Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;

    /// <summary>A new, empty database.</summary>
    public PostgresAddress NewDatabase()
    {
        var name = $"log{Interlocked.Increment(ref databases)}";
        Ask("postgres", $"CREATE DATABASE {name}");
        return PostgresAddress.Parse($"postgres://mint@local/{name}?host={folder}");
    }

    public object? Ask(string database, string sql)
    {
        using var connection = Connect(database);
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public NpgsqlConnection Connect(string database)
    {
        var connection = new NpgsqlConnection($"Host={folder};Username=mint;Database={database};Pooling=false");
        connection.Open();
        return connection;
    }

    private bool Answers()
    {
        try
        {
            return Ask("postgres", "SELECT 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static Process Start(string programs, string program, params string[] arguments)
    {
        var path = Path.Combine(programs, program);
        return Environment.IsPrivilegedProcess
            ? Run("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments])
            : Run(path, arguments);
    }

    private static Process Run(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;

    public void Dispose()
    {
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
