using Mintmark.Log;
using Mintmark.Simulation;
using Mintmark.Tests.Log.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Mintmark.Tests.Log.Storage;

/// <summary>The one PostgreSQL of all tests, started when the first asks for a database.</summary>
public sealed class SharedPostgres : IDisposable
{
    private readonly Lazy<PrivatePostgres> server = new(() => new PrivatePostgres(isDurable: false));

    /// <summary>A new, empty database.</summary>
    public PostgresAddress NewDatabase() => server.Value.NewDatabase();

    public object? Ask(string database, string sql) => server.Value.Ask(database, sql);

    public void Dispose()
    {
        if (server.IsValueCreated)
            server.Value.Dispose();
    }
}
