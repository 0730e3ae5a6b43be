using Mintmark.Releases;

namespace Mintmark.Gateway.Surges;

static class Importance
{
    /// <summary>
    /// What requests of a priority may use of what there is: the rest is there for those that matter more, whoever came
    /// first.
    /// </summary>
    public static double Part(this Priority priority) =>
        priority switch
        {
            Priority.High => 1,
            Priority.Normal => 0.9,
            _ => 0.7,
        };
}
