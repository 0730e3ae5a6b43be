using Bank;
using Microsoft.Data.Sqlite;

const int CannotStart = 78; // EX_CONFIG of sysexits.h

try
{
    var place = Surroundings.FromEnvironment();
    var settings = Settings.Load(Path.Combine(AppContext.BaseDirectory, "config", "bank.json"));
    await Rehearsal.RunAsync(place, settings, TimeProvider.System);

    await using var app = await BankApp.BuildAsync(place, settings, TimeProvider.System);
    await app.StartAsync();
    Console.WriteLine($"{place.Mark} serves on 127.0.0.1:{place.Port} from {place.Ledger}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is CannotStartException or IOException or UnauthorizedAccessException or SqliteException)
{
    await Console.Error.WriteLineAsync($"bank: {e.Message}");
    return CannotStart;
}
