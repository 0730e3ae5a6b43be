using System.Text.Json.Serialization;

namespace Bank;

sealed record AccountOrder(string Owner, string Currency, Money Deposit = default);

sealed record AccountAnswer(long Id, string Owner, string Currency, Money Balance);

sealed record TransferOrder(long From, long To, Money Amount, string Currency);

sealed record TransferAnswer(long Id, long From, long To, Money Amount, Money Fee, string Currency, DateTimeOffset At);

/// <summary>An account's newest entries, newest first. <c>With</c> is the account at the other end.</summary>
sealed record StatementAnswer(long Account, string Currency, Money Balance, IReadOnlyList<StatementLine> Lines);

sealed record StatementLine(long Number, long Transfer, long With, Money Amount, Money Balance, DateTimeOffset At);

sealed record InvariantsAnswer(IReadOnlyList<InvariantAnswer> Invariants);

sealed record InvariantAnswer(string Name, bool Ok, string? Broken);

sealed record VersionAnswer(string Service, string Mark);

sealed record HealthAnswer(string Status);

/// <summary>Problem details (RFC 9457).</summary>
sealed record Problem(int Status, string Title, string Detail);

/// <summary>All that goes over the wire or comes from <c>config/bank.json</c>. Unknown members are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Settings))]
[JsonSerializable(typeof(AccountOrder))]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(TransferOrder))]
[JsonSerializable(typeof(TransferAnswer))]
[JsonSerializable(typeof(StatementAnswer))]
[JsonSerializable(typeof(InvariantsAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(Problem))]
sealed partial class Wire : JsonSerializerContext;
