using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

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

/// <summary>
/// All that goes over the wire or comes from <c>config/bank.json</c>. Unknown members are refused. Found out as it
/// runs: code written for it at build time would double what the compiler takes.
/// </summary>
static class Wire
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static JsonTypeInfo<Settings> Settings { get; } = Of<Settings>();
    public static JsonTypeInfo<AccountOrder> AccountOrder { get; } = Of<AccountOrder>();
    public static JsonTypeInfo<AccountAnswer> AccountAnswer { get; } = Of<AccountAnswer>();
    public static JsonTypeInfo<TransferOrder> TransferOrder { get; } = Of<TransferOrder>();
    public static JsonTypeInfo<TransferAnswer> TransferAnswer { get; } = Of<TransferAnswer>();
    public static JsonTypeInfo<StatementAnswer> StatementAnswer { get; } = Of<StatementAnswer>();
    public static JsonTypeInfo<InvariantsAnswer> InvariantsAnswer { get; } = Of<InvariantsAnswer>();
    public static JsonTypeInfo<VersionAnswer> VersionAnswer { get; } = Of<VersionAnswer>();
    public static JsonTypeInfo<HealthAnswer> HealthAnswer { get; } = Of<HealthAnswer>();
    public static JsonTypeInfo<Problem> Problem { get; } = Of<Problem>();

    static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
