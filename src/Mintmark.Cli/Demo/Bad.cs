using Mintmark.Releases;

namespace Mintmark.Cli.Demo;

/// <summary>Which answers of a version are bad ones.</summary>
internal sealed record Bad(Func<Mark, Func<Answered, bool>> Of)
{
    public static readonly Bad None = new(_ => _ => false);

    public static readonly Bad Errors = new(mark => answer => answer.Mark == mark && answer.Status >= 500);

    public static Bad SlowerThan(TimeSpan limit) =>
        new(mark => answer => answer.Mark == mark && answer.Ok && answer.Took > limit);
}
