using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// The chance that a bet on one step still wins, for a candidate that is no worse: an e-process that does not
/// overshoot.
/// <para>
/// If the candidate is no worse, each bad unit falls on it with probability at most w, whatever came before. So for
/// c of n bad units on the candidate the chance that the mixture M ever reaches e^b can be computed backwards:
/// V(n, c) = w V(n+1, c+1) + (1-w) V(n+1, c), and V = 1 where M ≥ e^b. Where the table ends, V is min(1, M/e^b), which
/// Ville's inequality allows. V rises in c, so it is a supermartingale for every candidate that is no worse, and
/// V / V(0, 0) is an e-process. It reaches its greatest value 1 / V(0, 0) exactly at the boundary, while M jumps beyond
/// e^b by half a jump: with a share of 1 %, one more nat of the nine that α = 1e-4 takes (after Fischer and Ramdas,
/// arXiv 2410.16076, who avoid the overshoot of Wald's test).
/// </para>
/// </summary>
internal sealed class CalibratedWalk
{
    /// <summary>256 KiB.</summary>
    public const int MostCells = 1 << 15;
    private const int MostRows = 1 << 12;

    private readonly RatioMixture _mixture;
    private readonly Share _share;
    private readonly double _logBoundary;

    /// <summary>By n: the first cell of the row, and the fewest c that are on the boundary.</summary>
    private readonly int[] _rows;
    private readonly int[] _boundary;
    private readonly double[] _chances;
    private readonly double _logAtStart;

    public CalibratedWalk(RatioMixture mixture, Share share, double logBoundary, int cells = MostCells)
    {
        _mixture = mixture;
        _share = share;
        _logBoundary = logBoundary;
        (_rows, _boundary) = Shape(cells);
        _chances = Chances();
        AtStart = _chances[0];
        _logAtStart = Math.Log(AtStart);
    }

    /// <summary>Beyond so many bad units there is no table.</summary>
    public int Rows => _rows.Length;

    /// <summary>The chance that the walk reaches the boundary.</summary>
    public double AtStart { get; }

    /// <summary>The walk with the lowest boundary that is reached with no more than the allowed chance.</summary>
    /// <param name="highest">A logarithm, at which the walk keeps to what is allowed.</param>
    public static CalibratedWalk Lowest(RatioMixture mixture, Share share, double highest, Func<double, double> allowed)
    {
        const int Halvings = 12;
        const double Range = 4;
        var found = new CalibratedWalk(mixture, share, highest);
        var (low, high) = (Math.Max(0, highest - Range), highest);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            var walk = new CalibratedWalk(mixture, share, middle);
            if (walk.AtStart > allowed(middle))
                low = middle;
            else
                (high, found) = (middle, walk);
        }
        return found;
    }

    /// <returns>ln of the e-value: at most -ln <see cref="AtStart"/>.</returns>
    public double Log(long bad, long candidate)
    {
        if (bad >= _rows.Length)
            return Math.Min(0, _mixture.Log(_share, bad, candidate) - _logBoundary) - _logAtStart;
        var chance = candidate >= _boundary[bad] ? 1 : _chances[_rows[bad] + candidate];
        return Math.Log(chance) - _logAtStart;
    }

    private (int[] Rows, int[] Boundary) Shape(int most)
    {
        List<int> rows = [];
        List<int> boundary = [];
        var cells = 0;
        var c = 1;
        for (var n = 0; n < MostRows && cells + c + 1 < most; n++)
        {
            // The boundary rises by at most one a row: one more bad unit on the candidate is more evidence.
            if (c <= n && _mixture.Log(_share, n, c) < _logBoundary)
                c++;
            rows.Add(cells);
            boundary.Add(c);
            cells += c;
        }
        return ([.. rows], [.. boundary]);
    }

    private double[] Chances()
    {
        var w = _share.Fraction;
        var last = _rows.Length - 1;
        var chances = new double[_rows[last] + _boundary[last]];
        for (var c = 0; c < _boundary[last]; c++)
            chances[_rows[last] + c] = Math.Min(1, Math.Exp(_mixture.Log(_share, last, c) - _logBoundary));
        for (var n = last - 1; n >= 0; n--)
        {
            var next = chances.AsSpan(_rows[n + 1], _boundary[n + 1]);
            for (var c = 0; c < _boundary[n]; c++)
            {
                var without = c < next.Length ? next[c] : 1;
                var with = c + 1 < next.Length ? next[c + 1] : 1;
                chances[_rows[n] + c] = w * with + (1 - w) * without;
            }
        }
        return chances;
    }
}
