using System.CommandLine;
using System.Globalization;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Which controls of its profile can refuse versions of a service, and which are only reported.</summary>
internal static class EnforceCommands
{
    public static Verb Enforce(Frame frame) =>
        Create(
            frame,
            "can refuse versions of",
            null,
            new Verb(
                "enforce",
                "Let controls of the profile refuse versions of a service; all of them where none is named.",
                "mint enforce bank approved-by-another --reason \"two persons from now on\"",
                "mint enforce bank --reason \"the whole profile\""
            )
        );

    public static Verb Observe(Frame frame)
    {
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "When they are enforced again: a day such as 2026-12-31, or a time of it; 90 days at most",
            HelpName = "TIME",
            CustomParser = given =>
            {
                const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
                if (DateTimeOffset.TryParse(given.Tokens[0].Value, CultureInfo.InvariantCulture, styles, out var time))
                    return time;
                given.AddError($"--until is a day such as 2026-12-31 or a time, not '{given.Tokens[0].Value}'");
                return null;
            },
        };
        return Create(
            frame,
            "only reported for",
            until,
            new Verb(
                "observe",
                "Only report enforced controls for a while. It does not hold for releases that you ask for yourself.",
                "mint observe bank commits-signed --until 2026-12-31 --reason \"keys are being replaced\""
            )
        );
    }

    private static Verb Create(Frame frame, string outcome, Option<DateTimeOffset?>? until, Verb verb)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "The service", ArgumentArity.ExactlyOne);
        var controls = new Argument<string[]>("CONTROL")
        {
            Description = "Names of controls [default: all of the service's profile]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var person = new Person();
        verb.Add(service);
        verb.Add(controls);
        if (until is not null)
            verb.Add(until);
        person.AddTo(verb);
        verb.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var request = new EnforceRequest(
                    given.GetRequiredValue(service)!.Value,
                    given.GetValue(controls),
                    until is null ? null : given.GetValue(until),
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var api = session.Connect();
                var done = await api.PostAsync<EnforceRequest, Done>($"/api/{verb.Name}", request, ct);
                var named = request.Controls is { Count: > 0 } some ? string.Join(", ", some) : "the whole profile";
                session.Print(
                    done,
                    d =>
                        new Page()
                            .Line(new Ink($"{named}: {outcome} {request.Service}", Tone.Strong))
                            .Line(
                                $"  by {d.By ?? request.By}, in the log of "
                                    + Words.Count(d.Revision, "entry", "entries")
                            )
                );
                return Exit.Done;
            }
        );
        return verb;
    }
}
