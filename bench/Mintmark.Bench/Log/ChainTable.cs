using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Mintmark.Bench;

/// <summary>
/// What teams without a log of their own often have: a PostgreSQL table to which rows are only added, each with a hash
/// over the last one's. No signatures, no proofs that are shorter than the table.
/// </summary>
internal sealed class ChainTable : IDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand insert;
    private byte[] last = new byte[SHA256.HashSizeInBytes];

    /// <param name="connection">Owned from now on.</param>
    public ChainTable(NpgsqlConnection connection)
    {
        this.connection = connection;
        using var create = new NpgsqlCommand(
            "CREATE TABLE chain (id bigserial PRIMARY KEY, body bytea NOT NULL, hash bytea NOT NULL)",
            connection
        );
        create.ExecuteNonQuery();
        insert = new NpgsqlCommand("INSERT INTO chain (body, hash) SELECT * FROM unnest($1, $2)", connection);
        for (var i = 0; i < 2; i++)
            insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        insert.Prepare();
    }

    public void Append(IReadOnlyList<byte[]> bodies)
    {
        var hashes = bodies.Select(body => last = SHA256.HashData([.. last, .. body])).ToArray();
        insert.Parameters[0].Value = bodies.ToArray();
        insert.Parameters[1].Value = hashes;
        insert.ExecuteNonQuery();
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }
}
