using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mintmark.Cli;

/// <summary>Arguments and options: what cannot be one is refused before anything is asked.</summary>
internal static class Given
{
    public static Argument<T?> Argument<T>(string name, string description, ArgumentArity arity)
        where T : struct, IParsable<T> =>
        new(name)
        {
            Description = description,
            Arity = arity,
            CustomParser = Parse<T>,
        };

    public static Option<T?> Option<T>(string name, string description, string helpName)
        where T : struct, IParsable<T> =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = Parse<T>,
        };

    /// <summary>Free text that is no misspelt option: the parser would take "--frob" for it.</summary>
    public static Argument<string?> Text(string name, string description, ArgumentArity arity)
    {
        var argument = new Argument<string?>(name) { Description = description, Arity = arity };
        argument.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(t => t.Value.StartsWith('-')))
                given.AddError($"there is no option '{token.Value}'");
        });
        return argument;
    }

    private static T? Parse<T>(ArgumentResult given)
        where T : struct, IParsable<T>
    {
        if (given.Tokens.Count == 0)
            return null;
        try
        {
            return T.Parse(given.Tokens[0].Value, provider: null);
        }
        catch (FormatException wrong)
        {
            given.AddError(wrong.Message);
            return null;
        }
    }
}
