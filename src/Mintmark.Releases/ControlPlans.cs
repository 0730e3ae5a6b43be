namespace Mintmark.Releases;

/// <summary>The database that a version is written for, as a number that its team counts up.</summary>
/// <param name="From">The oldest version of the database whose code still works on this one.</param>
/// <param name="To">The newest; at least <paramref name="Version"/>.</param>
public sealed record DatabasePlan(int Version, int From, int To)
{
    public bool WorksWith(int version) => version >= From && version <= To;
}

/// <param name="Report">JSON of the repository; docs/gates.md says what is in it.</param>
public sealed record ValidationPlan(string Report);

/// <param name="Allow">What looks like a secret and is none.</param>
public sealed record SecretsPlan(IReadOnlyList<AllowedSecret> Allow);

/// <param name="File">As the artifact has it; with * for anything within a folder's name.</param>
/// <param name="Kind">Of what is found there, such as card-number.</param>
public sealed record AllowedSecret(string File, string Kind, string Reason);

/// <summary>What is looked for in an artifact.</summary>
public static class SecretKinds
{
    public const string PrivateKey = "private-key";
    public const string CloudKey = "cloud-key";
    public const string Token = "token";
    public const string Password = "password";
    public const string CardNumber = "card-number";
    public const string RandomKey = "random-key";

    public static readonly IReadOnlyList<string> All = [PrivateKey, CloudKey, Token, Password, CardNumber, RandomKey];
}
