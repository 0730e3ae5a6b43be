using Npgsql;

namespace Mintmark.Log;

/// <summary>Where a log is in PostgreSQL, as <c>postgres://user@host:port/database</c>.</summary>
/// <param name="Text">Without the password, for people.</param>
public sealed record PostgresAddress(string Text)
{
    public const string Accepted = "postgres://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE, with ?host=FOLDER for a socket";
    const int DefaultPort = 5432;
    const int ConnectSeconds = 5;

    /// <summary>A statement that takes longer has failed; whoever waits for the log is told so.</summary>
    const int CommandSeconds = 30;

    internal string ConnectionText { get; private init; } = "";

    /// <summary>As it was given, with the password: for a file that the owner alone can read.</summary>
    public string Whole { get; private init; } = "";

    public bool HasPassword { get; private init; }

    public static bool Fits(string text) =>
        text.StartsWith("postgres://", StringComparison.Ordinal)
        || text.StartsWith("postgresql://", StringComparison.Ordinal);

    /// <exception cref="FormatException">Says what is wrong and what is accepted, and never the password.</exception>
    public static PostgresAddress Parse(string text)
    {
        if (!Fits(text) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new FormatException($"the address of a log is {Accepted}");
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (database.Length == 0 || database.Contains('/', StringComparison.Ordinal))
            throw new FormatException($"the address of a log names one database: {Accepted}");
        var who = uri.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port,
            Database = database,
            ApplicationName = "mintmark",
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
        };
        if (who[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(who[0]);
        if (who.Length > 1)
            connection.Password = Uri.UnescapeDataString(who[1]);
        Apply(uri.Query, connection);
        if (!Path.IsPathRooted(connection.Host))
            KeepAlive(connection);
        var shown =
            $"postgres://{(who[0].Length > 0 ? $"{who[0]}@" : "")}{connection.Host}:{connection.Port}/{database}";
        return new PostgresAddress(shown)
        {
            Whole = text,
            ConnectionText = connection.ToString(),
            HasPassword = who.Length > 1,
        };
    }

    /// <summary>Both ends notice within seconds that the other has gone without a word.</summary>
    static void KeepAlive(NpgsqlConnectionStringBuilder connection)
    {
        connection.TcpKeepAlive = true;
        connection.TcpKeepAliveTime = 2;
        connection.TcpKeepAliveInterval = 1;
        connection.Options = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2";
    }

    /// <summary>A record would print all it holds.</summary>
    public override string ToString() => Text;

    static void Apply(string query, NpgsqlConnectionStringBuilder connection)
    {
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var value = Uri.UnescapeDataString(parts[^1]);
            if (parts is ["host", _] && value.Length > 0)
                connection.Host = value;
            else if (
                parts is ["sslmode", _]
                && Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), true, out var mode)
            )
                connection.SslMode = mode;
            else
                throw new FormatException(
                    $"the address of a log takes host=FOLDER and sslmode=disable, prefer, require, verify-ca or "
                        + $"verify-full, not '{parts[0]}'"
                );
        }
    }
}
