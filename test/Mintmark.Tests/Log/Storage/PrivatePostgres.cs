using System.Diagnostics;
using Mintmark.Log;
using Mintmark.Tests.Log.Storage;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]

namespace Mintmark.Tests.Log.Storage;

/// <summary>A PostgreSQL of the tests' own, on a socket in a folder that goes when they are over.</summary>
public sealed class PrivatePostgres : IDisposable
{
    /// <summary>nobody: it refuses to run as root, and as a user that has no name.</summary>
    private const int User = 65_534;

    private readonly Lock starting = new();
    private string? folder;
    private Process? server;
    private int databases;

    private static string? Programs =>
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
        Assert.True(Programs is not null, "install PostgreSQL (Debian: postgresql)");
        lock (starting)
        {
            server ??= Start();
            var name = $"log{++databases}";
            Ask("postgres", $"CREATE DATABASE {name}");
            return PostgresAddress.Parse($"postgres://mint@local/{name}?host={folder}");
        }
    }

    public object? Ask(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"Host={folder};Username=mint;Database={database};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private Process Start()
    {
        folder = Directory.CreateTempSubdirectory("mintmark-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
            Run("chown", $"{User}:{User}", folder).WaitForExit();
        var files = Path.Combine(folder, "files");
        using (var init = Postgres("initdb", "-D", files, "-U", "mint", "-A", "trust", "--no-sync", "-E", "UTF8"))
        {
            var said = init.StandardError.ReadToEnd();
            init.WaitForExit();
            Assert.True(init.ExitCode == 0, said);
        }
        var started = Postgres("postgres", "-D", files, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off");
        var began = Stopwatch.GetTimestamp();
        while (!Answers())
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "PostgreSQL starts");
        return started;
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

    private static Process Postgres(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
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
        if (server is not null)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
