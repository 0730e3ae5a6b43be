namespace Mintmark.Gateway;

/// <summary>What people are told on standard error: often a file, on a disk that may be full just then.</summary>
static class Notice
{
    /// <summary>Nothing ends because nobody can be told. Who reads it may be slow: not on a loop's thread.</summary>
    public static void Say(string what)
    {
        try
        {
            Console.Error.WriteLine($"gateway: {what}");
        }
        catch (IOException)
        {
            // The first word that a process says takes a descriptor too.
        }
    }
}
