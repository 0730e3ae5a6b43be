using Microsoft.Data.Sqlite;
using Mintmark.Releases;

namespace Mintmark.Cli.Demo;

/// <summary>The bank's books, read past the bank: what it answered is one thing, what it wrote another.</summary>
internal sealed class Ledger(string home)
{
    /// <summary>Transfers of a version whose entries do not sum to zero.</summary>
    public IReadOnlySet<long> Unbalanced(Mark mark)
    {
        var path = Path.Combine(home, "data", mark.Service.Value, "bank.db");
        using var books = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        books.Open();
        using var query = books.CreateCommand();
        query.CommandText = """
            SELECT t.id FROM transfers t JOIN entries e ON e.transfer = t.id
            WHERE t.mark = $mark GROUP BY t.id HAVING SUM(e.amount) <> 0
            """;
        query.Parameters.AddWithValue("$mark", mark.ToString());
        using var rows = query.ExecuteReader();
        var unbalanced = new HashSet<long>();
        while (rows.Read())
            unbalanced.Add(rows.GetInt64(0));
        return unbalanced;
    }
}
