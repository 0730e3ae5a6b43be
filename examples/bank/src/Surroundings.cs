using System.Globalization;

namespace Bank;

/// <summary>What the process is told by its environment.</summary>
sealed record Surroundings(int Port, string Mark, string Folder)
{
    public string Ledger => Path.Combine(Folder, "bank.db");

    public static Surroundings FromEnvironment()
    {
        var port = Wanted("PORT");
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
            ? new(number, Wanted("MINTMARK"), Wanted("MINTMARK_DATA"))
            : throw new CannotStartException($"PORT is \"{port}\", which is no port");
    }

    static string Wanted(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new CannotStartException($"the environment variable {name} is not set");
}
