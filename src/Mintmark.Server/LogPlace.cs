using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>Where a home's log is: in a file of its own, or in the database that its control plane was given.</summary>
public static class LogPlace
{
    /// <summary>Without a password, for people.</summary>
    public static string TextOf(Home home) => home.LogAddress()?.Text ?? home.LogFile;

    public static bool Exists(Home home) => home.LogAddress() is not null || File.Exists(home.LogFile);

    /// <exception cref="LogStorageException">It cannot be opened.</exception>
    /// <exception cref="LogCorruptException">It is not a log, or is damaged.</exception>
    public static ILogStorage OpenReadOnly(Home home) =>
        home.LogAddress() is { } address
            ? PostgresStorage.OpenReadOnly(address)
            : SqliteStorage.OpenReadOnly(home.LogFile);
}
