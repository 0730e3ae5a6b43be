namespace Bank;

/// <summary>What a transfer costs its payer, and where that goes.</summary>
readonly record struct Fee(Money Total, Money Income, Money Reserve);

sealed class Tariff(IReadOnlyList<FeeTier> tiers, decimal reserveShare)
{
    /// <summary>The fee for an amount. Income is what the reserve leaves, so that both add up to the total.</summary>
    public Fee For(Money amount)
    {
        var total = amount.Part(tiers.First(tier => amount <= tier.UpTo).Rate);
        var reserve = total.Part(reserveShare);
        return new(total, Income: total - reserve, reserve);
    }
}
