namespace Mintmark.Evidence;

/// <summary>
/// Base scores of CVSS 4.0 (first.org/cvss/v4-0/specification-document, section 8): the score that experts gave to the
/// vector's group, less its distance from the worst vector of that group. Without threat and environment a third of the
/// groups can occur, so the table here has these alone.
/// </summary>
internal static class CvssFour
{
    /// <summary>
    /// By EQ1 and EQ2; then pairs for EQ4 of 1 and 2, by EQ3 and EQ6 as 00, 01, 10, 11, 21. EQ5 is 0: nothing is said
    /// of exploits, so the worst is taken.
    /// </summary>
    private static readonly decimal[][] Scores =
    [
        [10, 9.3m, 9.6m, 9, 9.3m, 8.8m, 9.2m, 8, 7.9m, 6.9m],
        [9.5m, 9.2m, 9.1m, 8.1m, 9.2m, 8.4m, 8.2m, 7, 7.1m, 6.3m],
        [9.4m, 8.7m, 8.9m, 7.5m, 8.6m, 7.2m, 7.6m, 5.7m, 6.5m, 5.3m],
        [9, 7.7m, 7.7m, 6.6m, 7.4m, 6.1m, 5.9m, 5.2m, 5.8m, 2.3m],
        [8.6m, 7, 7.4m, 5.4m, 7.2m, 5.3m, 5.7m, 3.6m, 4.7m, 2.4m],
        [7.3m, 5.4m, 5.5m, 4.3m, 6.1m, 4.6m, 5.1m, 1.8m, 2.4m, 1],
    ];

    private static readonly (string Metric, string Letters)[] Metrics =
    [
        ("AV", "NALP"),
        ("PR", "NLH"),
        ("UI", "NPA"),
        ("AC", "LH"),
        ("AT", "NP"),
        ("VC", "HLN"),
        ("VI", "HLN"),
        ("VA", "HLN"),
        ("SC", "HLN"),
        ("SI", "HLN"),
        ("SA", "HLN"),
    ];

    /// <summary>The worst vectors of each group, as levels below the worst letter: the first that fits
    /// counts.</summary>
    private static readonly int[][][] WorstOfEq1 =
    [
        [
            [0, 0, 0],
        ],
        [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
        ],
        [
            [3, 0, 0],
            [1, 1, 1],
        ],
    ];

    private static readonly int[][][] WorstOfEq2 =
    [
        [
            [0, 0],
        ],
        [
            [1, 0],
            [0, 1],
        ],
    ];
    private static readonly int[][][] WorstOfEq3 =
    [
        [
            [0, 0, 0],
        ],
        [
            [1, 0, 0],
            [0, 1, 0],
        ],
        [
            [1, 1, 1],
        ],
    ];

    private static readonly int[] DepthOfEq1 = [1, 4, 5];
    private static readonly int[] DepthOfEq2 = [1, 2];
    private static readonly int[] DepthOfEq3 = [7, 8, 10];
    private static readonly int[] DepthOfEq4 = [6, 5, 4];

    /// <returns>Null where a metric lacks.</returns>
    public static decimal? BaseScore(IReadOnlyDictionary<string, string> metrics)
    {
        var levels = new int[Metrics.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var (metric, letters) = Metrics[i];
            levels[i] = metrics.GetValueOrDefault(metric) is { Length: 1 } letter ? letters.IndexOf(letter[0]) : -1;
            if (levels[i] < 0)
                return null;
        }
        return levels[5..].All(level => level == 2) ? 0 : Score(levels[..3], levels[3..5], levels[5..8], levels[8..]);
    }

    private static decimal Score(int[] access, int[] attack, int[] here, int[] beyond)
    {
        var eq1 =
            access.All(l => l == 0) ? 0
            : access.Any(l => l == 0) && access[0] != 3 ? 1
            : 2;
        var eq2 = attack.All(l => l == 0) ? 0 : 1;
        var eq3 =
            here[0] == 0 && here[1] == 0 ? 0
            : here.Any(l => l == 0) ? 1
            : 2;
        var eq4 = beyond.Any(l => l == 0) ? 1 : 2;
        var column = eq3 * 4;
        decimal At(int one, int two, int col, int four) => Scores[(one * 2) + two][col + four - 1];
        var value = At(eq1, eq2, column, eq4);

        // Each group's next lower one, where there is such, is as far below as the group is deep. For EQ5 there always
        // is one, and the distance is none.
        var (sum, lower) = (0m, 1);
        void Take(decimal below, int distance, int depth)
        {
            sum += (value - below) * distance / depth;
            lower++;
        }

        if (eq1 < 2)
            Take(At(eq1 + 1, eq2, column, eq4), Distance(access, WorstOfEq1[eq1]), DepthOfEq1[eq1]);
        if (eq2 < 1)
            Take(At(eq1, eq2 + 1, column, eq4), Distance(attack, WorstOfEq2[eq2]), DepthOfEq2[eq2]);
        if (eq3 == 0)
            Take(
                Math.Max(At(eq1, eq2, 2, eq4), At(eq1, eq2, 4, eq4)),
                Distance(here, WorstOfEq3[eq3]),
                DepthOfEq3[eq3]
            );
        else if (eq3 == 1)
            Take(At(eq1, eq2, 6, eq4), Distance(here, WorstOfEq3[eq3]), DepthOfEq3[eq3]);
        if (eq4 < 2)
            Take(
                At(eq1, eq2, column, eq4 + 1),
                Distance(
                    beyond,
                    [
                        [0, 0, 0],
                    ]
                ),
                DepthOfEq4[eq4]
            );
        return Math.Round(Math.Clamp(value - (sum / lower), 0, 10), 1, MidpointRounding.AwayFromZero);
    }

    /// <summary>Levels below the first of the worst vectors that is nowhere below this one.</summary>
    private static int Distance(int[] levels, int[][] worst) =>
        worst
            .Where(w => w.Zip(levels).All(pair => pair.First <= pair.Second))
            .Select(w => levels.Sum() - w.Sum())
            .First();
}
