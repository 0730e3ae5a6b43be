using Mintmark.Log;

namespace Mintmark.Tests.Log.Storage;

public sealed class WhenALogIsKeptInSqlite : StorageContract
{
    protected override ILogStorage Open() => SqliteStorage.Open(Folder.Database);

    protected override ILogStorage OpenReadOnly() => SqliteStorage.OpenReadOnly(Folder.Database);
}
