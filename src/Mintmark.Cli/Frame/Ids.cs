using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mintmark.Cli;

/// <summary>Arguments and options that are ids: what is none is refused before anything is asked.</summary>
internal static class Ids
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
