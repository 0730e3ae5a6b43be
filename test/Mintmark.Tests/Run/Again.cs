namespace Mintmark.Tests.Run;

/// <summary>
/// For what has limits in real time: a machine that stands still for a second passes them, though nothing is wrong.
/// </summary>
static class Again
{
    const int Most = 20;

    /// <summary>Tries again where the machine was too slow for what is asked; the last one counts.</summary>
    public static async Task<T> WhileAsync<T>(Func<T, bool> wasTooSlow, Func<Task<T>> once)
    {
        var got = await once();
        for (var tries = 1; tries < Most && wasTooSlow(got); tries++)
            got = await once();
        return got;
    }
}
