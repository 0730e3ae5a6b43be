using System.Text;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>
/// The profiles of this program, and where a team keeps what it lays over them: a file for each. Read again when one
/// has another length or time than before.
/// </summary>
/// <param name="folder">It and its files may be missing; null for none.</param>
public sealed class ProfilePlace(string? folder)
{
    private const int LargestBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly Lock loading = new();
    private readonly Dictionary<string, Loaded> loaded = [];

    /// <summary>What a version is held to.</summary>
    /// <param name="release">Null for whatever release may come.</param>
    /// <exception cref="DeclaredException">What the team laid over the profile is damaged, or cannot be read: then
    /// nothing passes.</exception>
    public Policy PolicyOf(string profile, State state, Release? release, DateTimeOffset now)
    {
        var shipped = Profile.Shipped[profile];
        var policy = Policy.Of(shipped, OverlayOf(shipped), state, release, now);
        return release is { Emergency: true } ? policy.ForEmergency() : policy;
    }

    /// <exception cref="DeclaredException">It is damaged, or cannot be read.</exception>
    public Overlay? OverlayOf(Profile profile)
    {
        if (folder is null)
            return null;
        var file = new FileInfo(Path.Combine(folder, $"{profile.Name}.yaml"));
        lock (loading)
        {
            if (StampOf(file) is not { } stamp)
            {
                loaded.Remove(profile.Name);
                return null;
            }
            if (loaded.TryGetValue(profile.Name, out var known) && known.Stamp == stamp)
                return known.Damage is { } again ? throw new DeclaredException(again) : known.Overlay;
            // What cannot be read is tried again each time: who may read it is not seen in its length and time.
            var text = Text(file);
            try
            {
                var overlay = ProfileReader.Overlay(text, file.Name, profile, Catalogue.Shipped);
                loaded[profile.Name] = new(stamp, overlay, null);
                return overlay;
            }
            catch (DeclaredException wrong)
            {
                loaded[profile.Name] = new(stamp, null, wrong.Problems);
                throw;
            }
        }
    }

    /// <returns>Null where there is no such file; of a folder that cannot be looked into nobody knows.</returns>
    private static (long, long)? StampOf(FileInfo file)
    {
        try
        {
            return (file.Length, file.LastWriteTimeUtc.Ticks);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw Damaged(file, $"cannot be read: {wrong.Message}");
        }
    }

    private static string Text(FileInfo file)
    {
        if (file.Length > LargestBytes)
            throw Damaged(file, $"larger than {LargestBytes} bytes");
        try
        {
            return Strict.GetString(File.ReadAllBytes(file.FullName));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged(file, "not UTF-8");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw Damaged(file, $"cannot be read: {wrong.Message}");
        }
    }

    private static DeclaredException Damaged(FileInfo file, string how) => new([new(file.Name, 0, 0, "", how)]);

    private sealed record Loaded((long, long) Stamp, Overlay? Overlay, IReadOnlyList<DeclaredProblem>? Damage);
}
