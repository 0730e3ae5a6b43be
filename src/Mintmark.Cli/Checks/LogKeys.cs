using Mintmark.Log;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Keys to hold a log against: the home folder's own, and one from a file.</summary>
internal static class LogKeys
{
    public static LogVerifier OfHome(Home home)
    {
        try
        {
            return LogVerifier.Parse(TextOfHome(home));
        }
        catch (FormatException wrong)
        {
            throw new LogCorruptException($"{home.LogPublicKey} is no public key: {wrong.Message}", null, wrong);
        }
    }

    /// <summary>All that signed and sign, the first and those that its entries hand over.</summary>
    /// <param name="handovers">As <see cref="KeyHandovers.Of"/> has them.</param>
    public static LogVerifier AllOf(Home home, string handovers)
    {
        using var first = OfHome(home);
        return KeyHandovers.Follow(first, handovers);
    }

    /// <summary>The first keys of the log: what comes after them is in its entries.</summary>
    public static string TextOfHome(Home home)
    {
        if (File.Exists(home.LogPublicKey))
            return File.ReadAllText(home.LogPublicKey).TrimEnd('\n');
        // Loading would make a key where there is none, and a new key verifies nothing.
        if (!File.Exists(home.LogKey))
        {
            throw new StopException(
                Exit.Failure,
                $"there is no key at {home.LogKey}",
                "name the log's public key with --key, or restore the key from a backup"
            );
        }
        using var key = LogKey.LoadOrCreate(home.LogKey);
        return key.VerifierText(Home.LogOrigin);
    }

    /// <summary>A public key as an export has it in its file "key".</summary>
    public static LogVerifier Read(string path, string option = "--key")
    {
        try
        {
            return LogVerifier.Parse(File.ReadAllText(path).Trim());
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StopException(Exit.BadInput, $"{option}: there is no file {path}", null, missing);
        }
        catch (FormatException wrong)
        {
            throw new StopException(
                Exit.BadInput,
                $"{option}: {path} is no public key of a log: {wrong.Message}",
                "the file 'key' of an export is one",
                wrong
            );
        }
    }
}
