using System.CommandLine;
using Mintmark.Build;
using Mintmark.Releases;

namespace Mintmark.Cli;

internal static class InitCommand
{
    public static Verb Create(Frame frame)
    {
        var profile = new Option<string>("--profile")
        {
            Description = "Line of business",
            HelpName = "PROFILE",
            DefaultValueFactory = _ => ManifestTemplate.DefaultProfile,
        };
        profile.AcceptOnlyFromAmong([.. Profiles.All]);
        var init = new Verb(
            "init",
            $"Write a commented {ManifestFile.Name} for the repository you stand in (.NET, Python, Node or plain).",
            "mint init",
            "mint init --profile valuation"
        )
        {
            profile,
        };
        init.SetAction((given, ct) => RunAsync(frame.Open(given), given.GetRequiredValue(profile), ct));
        return init;
    }

    private static async Task<int> RunAsync(Session session, string profile, CancellationToken ct)
    {
        var repository = await GitRepository.OpenAsync(session.Terminal.Folder, ct);
        var text = ManifestTemplate.For(repository.Folder, profile);
        var path = Path.Combine(repository.Folder, ManifestFile.Name);
        await WriteNewAsync(path, text, ct);
        var manifest = ManifestFile.Parse(text, ManifestFile.Name);
        session.Print(new Initialized(path, manifest.Name, manifest.Profile), Page);
        return Exit.Done;
    }

    private static async Task WriteNewAsync(string path, string text, CancellationToken ct)
    {
        if (Path.Exists(path))
            throw new StopException(Exit.BadInput, $"{path} is there already", "remove it first to begin anew");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), ct);
    }

    private static Page Page(Initialized made) =>
        new Page()
            .Line(new Ink($"{made.File}", Tone.Strong), $" declares the service {made.Service}, profile {made.Profile}")
            .Line("  look it through, above all its commands; then:")
            .Line($"  git add {ManifestFile.Name} && git commit -m \"Ship with Mintmark\"")
            .Line("  mint ship");
}

/// <param name="File">The manifest that was written.</param>
internal sealed record Initialized(string File, ServiceName Service, string Profile);
