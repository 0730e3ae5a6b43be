using System.Globalization;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Who asks: a person by a token of his own, or whoever has the home's.</summary>
/// <param name="Person">Null for the home's token.</param>
internal sealed record Caller(PersonName? Person)
{
    private static readonly object Place = new();

    public static void Set(HttpContext context, Caller caller) => context.Items[Place] = caller;

    /// <summary>A parameter of this type in an endpoint gets it here.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(context.Items[Place] as Caller);

    /// <param name="by">The name that the request gives; null for none.</param>
    /// <exception cref="NotAllowedException">It is somebody else's name.</exception>
    public Actor As(string? by, State state)
    {
        if (Person is { } person)
        {
            return by is null || by == person.Value
                ? person.Actor
                : throw new NotAllowedException($"this is {person}'s token: it cannot speak for {by}; leave 'by' out");
        }
        var actor = Named(by);
        return state.PersonOf(actor) is null
            ? actor
            : throw new NotAllowedException(
                $"{by} has a token of her or his own: bear that one, or give another name in 'by'"
            );
    }

    /// <exception cref="NotAllowedException">A person asks.</exception>
    public void RequireHome(string what)
    {
        if (Person is { } person)
            throw new NotAllowedException($"{what} is for whoever has the home's own token, not for {person}");
    }

    private static Actor Named(string? by) =>
        by?.Length is > 0 and <= 100 && !by.Contains('/', StringComparison.Ordinal) && !by.Any(IsUnseen)
            ? new Actor(by)
            : throw new BadHttpRequestException("by: 1 to 100 printable characters without '/', naming who asks");

    /// <summary>Also what turns the direction of writing, or joins letters: two names must not look like one.</summary>
    private static bool IsUnseen(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}

/// <summary>Somebody asks for what is not his to ask.</summary>
public sealed class NotAllowedException(string why) : Exception(why);
