using System.Text.Json;

namespace Bank;

/// <summary>What <c>config/bank.json</c> says. It is part of a version and goes back with it.</summary>
sealed record Settings(
    IReadOnlyList<string> Currencies,
    IReadOnlyList<FeeTier> FeeTiers,
    decimal ReserveShare,
    Money TransferLimit,
    int StatementLimit
)
{
    public static Settings Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, Wire.Settings) ?? throw new JsonException("an object is wanted");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CannotStartException($"{path}: {e.Message}");
        }
    }
}

/// <summary>The rate for amounts up to and including <paramref name="UpTo"/> that no lower tier covers.</summary>
sealed record FeeTier(Money UpTo, decimal Rate);

sealed class CannotStartException(string message) : Exception(message);
