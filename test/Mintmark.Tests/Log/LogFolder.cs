using Microsoft.Data.Sqlite;
using Mintmark.Log;

namespace Mintmark.Tests.Log;

/// <summary>A folder of its own with a key and a database, gone after the test.</summary>
sealed class LogFolder : IDisposable
{
    public const string Origin = "mintmark.test/log";

    public LogFolder() => Key = LogKey.LoadOrCreate(In("log.key"));

    public string Path { get; } = Directory.CreateTempSubdirectory("mintmark-log-").FullName;

    public LogKey Key { get; }

    public string Database => In("log.db");

    public string VerifierText => Key.VerifierText(Origin);

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public LogVerifier Verifier() => LogVerifier.Parse(VerifierText);

    public MerkleLog Open() => MerkleLog.Open(SqliteStorage.Open(Database), Key, Origin);

    public void Fill(params ReadOnlySpan<int> batches)
    {
        using var log = Open();
        foreach (var size in batches)
            log.Append(Bodies(log.Size, size));
    }

    public LogReport Verify()
    {
        using var storage = SqliteStorage.OpenReadOnly(Database);
        using var verifier = Verifier();
        return LogVerification.Verify(storage, verifier);
    }

    /// <summary>Behind the log's back.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static byte[][] Bodies(long first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Body(first + i))];

    public static byte[] Body(long index) =>
        CanonicalJson.Canonicalize(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"entry":{{index}},"text":"{{new string('x', (int)(index % 50))}}"}"""
            )
        );

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
