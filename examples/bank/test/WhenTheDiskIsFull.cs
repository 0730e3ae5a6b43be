using Microsoft.Data.Sqlite;

namespace Bank.Tests;

public sealed class WhenTheDiskIsFull : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("bank-").FullName;

    [Fact]
    public void NothingIsHalfDoneAndTheNextWriteWorks()
    {
        using var session = new Session(Path.Combine(folder, "bank.db"), TimeSpan.FromSeconds(1));
        session.Script("CREATE TABLE notes (text); PRAGMA max_page_count = 10");

        Assert.Throws<SqliteException>(() => Note(session, 5, 1_000_000));
        Note(session, 7);

        Assert.Equal([7], session.All("SELECT length(text) FROM notes", row => row.GetInt32(0)));
    }

    static void Note(Session session, params int[] lengths) =>
        session.Atomically(() =>
        {
            foreach (var length in lengths)
                session.Run("INSERT INTO notes (text) VALUES (zeroblob($1))", length);
            return true;
        });

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
