using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Persons with tokens of their own; by whoever has the home's.</summary>
internal static class PersonCommands
{
    public static Verb Create(Frame frame) =>
        new(
            "person",
            "Persons with a token of their own, and what each of them may say.",
            "mint person add alice --role engineer --address alice@example.com --reason \"joins the team\"",
            "mint person list"
        )
        {
            Add(frame),
            Change(frame),
            Remove(frame),
            List(frame),
        };

    private static Verb Add(Frame frame)
    {
        var name = Name();
        var roles = Roles(required: true);
        var addresses = Addresses();
        var person = new Person();
        var add = new Verb(
            "add",
            "Give a person roles and a token, which is printed once, or written to --token-file for its owner alone.",
            "mint person add alice --role engineer,approver --reason \"joins the team\"",
            "mint person add bob --role duty-officer --token-file bob.token --reason \"on call\""
        )
        {
            name,
            roles,
            addresses,
        };
        person.AddTo(add);
        add.SetAction(
            async (given, ct) =>
            {
                var session = frame.OpenHome(given);
                var request = new AddPersonRequest(
                    given.GetRequiredValue(name)!.Value,
                    given.GetValue(roles)!,
                    Texts(given, addresses),
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var target = TokenTarget.Open(session.Terminal, given.GetValue(frame.TokenFile));
                using var api = session.Connect();
                var done = await api.PostAsync<AddPersonRequest, PersonDone>("/api/people/add", request, ct);
                Told(session, target, done, $"{done.Name} is {Duties.Names(request.Roles).Replace(" or ", " and ")}");
                return Exit.Done;
            }
        );
        return add;
    }

    private static Verb Change(Frame frame)
    {
        var name = Name();
        var roles = Roles(required: false);
        var addresses = Addresses();
        var anew = new Option<bool>("--new-token") { Description = "Another token: the one before is worth nothing" };
        var person = new Person();
        var change = new Verb(
            "change",
            "Other roles, addresses or token for a person; what is left out stays as it is.",
            "mint person change alice --role engineer,approver --reason \"approves from now on\"",
            "mint person change alice --new-token --reason \"the old one was lost\""
        )
        {
            name,
            roles,
            addresses,
            anew,
        };
        person.AddTo(change);
        change.Validators.Add(given =>
        {
            if (given.GetResult(roles) is null && given.GetResult(addresses) is null && !given.GetValue(anew))
                given.AddError("say what is to change: --role, --address or --new-token");
        });
        change.SetAction(
            async (given, ct) =>
            {
                var session = frame.OpenHome(given);
                var request = new ChangePersonRequest(
                    given.GetRequiredValue(name)!.Value,
                    given.GetResult(roles) is null ? null : given.GetValue(roles),
                    given.GetResult(addresses) is null ? null : Texts(given, addresses),
                    given.GetValue(anew),
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var target = request.NewToken
                    ? TokenTarget.Open(session.Terminal, given.GetValue(frame.TokenFile))
                    : null;
                using var api = session.Connect();
                var done = await api.PostAsync<ChangePersonRequest, PersonDone>("/api/people/change", request, ct);
                Told(session, target, done, $"{done.Name} is changed");
                return Exit.Done;
            }
        );
        return change;
    }

    private static Verb Remove(Frame frame)
    {
        var name = Name();
        var person = new Person();
        var remove = new Verb(
            "remove",
            "Refuse a person from now on; what was said stays in the log.",
            "mint person remove alice --reason \"left the team\""
        )
        {
            name,
        };
        person.AddTo(remove);
        remove.SetAction(
            async (given, ct) =>
            {
                var session = frame.OpenHome(given);
                var request = new RemovePersonRequest(
                    given.GetRequiredValue(name)!.Value,
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var api = session.Connect();
                var done = await api.PostAsync<RemovePersonRequest, PersonDone>("/api/people/remove", request, ct);
                Told(session, null, done, $"{done.Name} may say nothing here any more");
                return Exit.Done;
            }
        );
        return remove;
    }

    private static Verb List(Frame frame)
    {
        var list = new Verb("list", "Who has a token, since when and for what.", "mint person list");
        list.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                var people = await api.GetAsync<IReadOnlyList<PersonAnswer>>("/api/people", ct);
                session.Print(people, PeopleView.Of);
                return Exit.Done;
            }
        );
        return list;
    }

    private static void Told(Session session, TokenTarget? target, PersonDone done, string what)
    {
        if (done.Token is { } token && target is { IsFile: true })
        {
            target.Write(token);
            done = done with { Token = null };
        }
        session.Print(
            done,
            d =>
            {
                var page = new Page().Line(new Ink(what, Tone.Strong));
                if (target is { IsFile: true })
                    page.Line($"  the token is in {target.Path}, for its owner alone to read");
                if (d.Token is { } shown)
                {
                    page.Line("  the token, shown here and never again; put it into a file of mode 0600:");
                    page.Line($"  {shown}");
                }
                return page.Line($"  in the log of {Words.Count(d.Revision, "entry", "entries")}");
            }
        );
    }

    private static string AllRoles => string.Join(", ", Enum.GetValues<Role>().Select(Duties.Name));

    private static Argument<PersonName?> Name() =>
        Given.Argument<PersonName>("NAME", "Of the person, such as alice", ArgumentArity.ExactlyOne);

    private static Option<IReadOnlyList<Role>?> Roles(bool required) =>
        new("--role")
        {
            Description = $"What the person may say, with commas: {AllRoles}",
            HelpName = "ROLE,…",
            Required = required,
            CustomParser = given =>
            {
                var roles = new List<Role>();
                foreach (var text in given.Tokens.SelectMany(t => t.Value.Split(',')))
                {
                    var known = Enum.GetValues<Role>().Where(r => Duties.Name(r) == text.Trim()).ToList();
                    if (known.Count == 1)
                        roles.Add(known[0]);
                    else
                        given.AddError($"'{text}' is no role: {AllRoles}");
                }
                return roles;
            },
        };

    private static Option<string[]> Addresses() =>
        new("--address")
        {
            Description = "In the person's commits, so that nobody reviews his own; kept as a digest only",
            HelpName = "ADDRESS,…",
        };

    private static IReadOnlyList<string> Texts(ParseResult given, Option<string[]> option) =>
        [.. (given.GetValue(option) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))];
}
