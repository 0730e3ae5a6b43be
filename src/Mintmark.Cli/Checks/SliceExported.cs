namespace Mintmark.Cli;

/// <param name="To">The first entry that is not in it.</param>
/// <param name="Redacted">How many bodies were kept back.</param>
internal sealed record SliceExported(string Folder, long From, long To, long Redacted)
{
    public Page ToPage() =>
        new Page()
            .Line($"entries {From} to {To - 1} exported to {Folder}")
            .Field("redacted", Words.Count(Redacted, "body", "bodies"))
            .Field("check it", $"mint log verify --slice {Folder}");
}
