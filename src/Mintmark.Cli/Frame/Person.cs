using System.CommandLine;

namespace Mintmark.Cli;

/// <summary>Who asks, and why: what every command that changes something says.</summary>
internal sealed class Person
{
    private readonly Option<string?> by = new("--by")
    {
        Description =
            "Who asks [default: whose token it is; with the home folder's own $MINTMARK_BY, else the user of the "
            + "operating system]",
        HelpName = "NAME",
    };

    private readonly Option<string?> reason;

    /// <param name="defaultReason">Said in the help where a reason may be left out; null where it may not.</param>
    public Person(string? defaultReason = null)
    {
        reason = new Option<string?>("--reason")
        {
            Description = "Why; it enters the log" + (defaultReason is null ? "" : $" [default: {defaultReason}]"),
            HelpName = "TEXT",
            Required = defaultReason is null,
        };
        reason.Validators.Add(given =>
        {
            if (given.Tokens.Count == 1 && string.IsNullOrWhiteSpace(given.Tokens[0].Value))
                given.AddError("--reason is empty: say why, such as --reason \"payouts fail\"");
        });
    }

    public void AddTo(Command command)
    {
        command.Add(reason);
        command.Add(by);
    }

    public string? Reason(ParseResult given) => given.GetValue(reason);

    /// <returns>Null where the token says it.</returns>
    public string? By(ParseResult given, Session session) => Named(given.GetValue(by), session);

    public static string? Named(string? by, Session session) =>
        by is { Length: > 0 } named ? named
        : session.TokenFile is not null ? null
        : session.Terminal.Variable("MINTMARK_BY") is { Length: > 0 } set ? set
        : Environment.UserName;
}
