using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class PeopleView
{
    public static Page Of(IReadOnlyList<PersonAnswer> people)
    {
        var page = new Page();
        if (people.Count == 0)
            return page.Line("Nobody has a token of his own yet. Add the first with:")
                .Line("  mint person add NAME --role engineer --reason \"…\"");
        return page.Rows("", [.. people.Select(Row)]);
    }

    private static Ink[] Row(PersonAnswer person) =>
        [
            new Ink($"{person.Name}", Tone.Strong),
            person.Removed is { } removed
                ? new Ink($"removed {Words.Time(removed)}", Tone.Quiet)
                : string.Join(", ", person.Roles.Select(r => Duties.Name(r.Key))),
            Words.Count(person.Addresses, "address", "addresses"),
            $"since {Words.Time(person.Since)}",
        ];
}
