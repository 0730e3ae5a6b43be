using System.Globalization;

namespace Mintmark.Simulation;

/// <param name="Seconds">How long random histories go on; not counted where <paramref name="Seeds"/> is given.</param>
internal sealed record Options(int Seconds, int First, int? Seeds)
{
    public bool Goes(int seed, TimeSpan elapsed) =>
        Seeds is { } count ? seed < First + count : elapsed.TotalSeconds < Seconds;

    /// <returns>Null, after saying why, where the arguments make no sense.</returns>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(60, 1, null);
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = 0;
            var known =
                i + 1 < args.Count
                && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out value);
            var next = (args[i], known) switch
            {
                ("--seconds", true) => options with { Seconds = value },
                ("--seed", true) => options with { First = value },
                ("--seeds", true) => options with { Seeds = value },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine(
                    $"'{args[i]}': expected --seconds S, --seed FIRST or --seeds COUNT, each with a whole number"
                );
                return null;
            }
            options = next;
        }
        return options;
    }
}
