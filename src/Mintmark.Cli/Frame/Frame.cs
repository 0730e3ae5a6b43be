using System.CommandLine;
using System.Net;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class Frame(Terminal terminal)
{
    public Terminal Terminal => terminal;

    public Option<string?> Home { get; } =
        new("--home")
        {
            Description =
                "Folder of the control plane [default: $MINTMARK_HOME, /var/lib/mintmark for root, "
                + "else ~/.local/share/mintmark]",
            HelpName = "DIR",
            Recursive = true,
        };

    public Option<string?> Api { get; } =
        new("--api")
        {
            Description =
                $"Address of the control plane [default: the one that 'mint up' noted in the home folder, "
                + $"else {Addresses.DefaultApi}]",
            HelpName = "ADDRESS",
            Recursive = true,
        };

    public Option<string?> TokenFile { get; } =
        new("--token-file")
        {
            Description =
                "File with a token of your own, which others cannot read [default: $MINTMARK_TOKEN_FILE, else the home "
                + "folder's own token]",
            HelpName = "FILE",
            Recursive = true,
        };

    public Option<bool> Json { get; } =
        new("--json") { Description = "Print JSON, as docs/json.md describes it", Recursive = true };

    public Option<bool> Plain { get; } =
        new("--plain") { Description = "Plain lines, without colours and live views", Recursive = true };

    /// <exception cref="StopException">An option says what cannot be.</exception>
    public Session Open(ParseResult given) =>
        OpenHome(given) with
        {
            TokenFile =
                given.GetValue(TokenFile) is { Length: > 0 } named ? Path.Combine(terminal.Folder, named)
                : terminal.Variable("MINTMARK_TOKEN_FILE") is { Length: > 0 } set ? Path.Combine(terminal.Folder, set)
                : null,
        };

    /// <summary>With the home folder's own token, whatever token somebody has.</summary>
    /// <exception cref="StopException">An option says what cannot be.</exception>
    public Session OpenHome(ParseResult given)
    {
        var home = given.GetValue(Home) is { Length: > 0 } named
            ? new Home(Path.Combine(terminal.Folder, named))
            : Server.Home.Default();
        var plain = terminal with { IsLive = terminal.IsLive && !given.GetValue(Plain) };
        return new Session(plain, home, Address(given.GetValue(Api), home), given.GetValue(Json));
    }

    private static IPEndPoint Address(string? option, Home home) =>
        option is { Length: > 0 } ? Addresses.Parse("--api", option)
        : home.Published() is { } published ? published.Api
        : Addresses.Parse("--api", Addresses.DefaultApi);
}

/// <summary>One call of a command.</summary>
/// <param name="TokenFile">Of a person; null for the home folder's own.</param>
internal sealed record Session(Terminal Terminal, Home Home, IPEndPoint Address, bool Json, string? TokenFile = null)
{
    public TextWriter Out => Terminal.Out;

    /// <exception cref="StopException">There is no token to bear.</exception>
    public ApiClient Connect() =>
        TokenFile is null ? ApiClient.Open(Home, Address) : ApiClient.Open(Home, TokenFile, Address);

    /// <summary>The answer as JSON, or the page made of it.</summary>
    public void Print<T>(T answer, Func<T, Page> page)
    {
        if (Json)
            Shapes.Write(Out, answer);
        else
            page(answer).Write(Terminal);
    }
}
