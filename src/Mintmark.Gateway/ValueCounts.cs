using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>Money at stake in one arm of one step, by currency: exact, and bounded whatever comes.</summary>
sealed class ValueCounts
{
    public const int MostCurrencies = 8;

    /// <summary>Beyond this a sum stays as it is: counts only grow, and a decimal of the log holds it.</summary>
    public static readonly Int128 Most = (Int128)Money.PartsPerUnit * 100_000_000_000_000_000;

    private readonly Lock adding = new();
    private readonly string[] currencies = new string[MostCurrencies];
    private readonly Int128[] sums = new Int128[MostCurrencies];
    private int count;

    /// <returns>False where it is in one currency too many.</returns>
    public bool Add(Int128 parts, ReadOnlySpan<char> currency)
    {
        lock (adding)
        {
            var at = 0;
            while (at < count && !currency.SequenceEqual(currencies[at]))
                at++;
            if (at == MostCurrencies)
                return false;
            if (at == count)
                currencies[count++] = currency.ToString();
            sums[at] = Int128.Min(sums[at] + parts, Most);
            return true;
        }
    }

    public ByName<decimal> Sum()
    {
        lock (adding)
        {
            var known = new (string, decimal)[count];
            for (var i = 0; i < count; i++)
                known[i] = (currencies[i], Money.Amounted(sums[i]));
            return ByName.Of<decimal>(known);
        }
    }
}
