using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>
/// Names and addresses of those who wrote commits: in files beside the log, so that they can be erased while the log,
/// which holds a salted commitment to each, stays as it is.
/// </summary>
internal sealed class Authors(ControlPlaneOptions options, ReleaseJournal journal, Commands commands)
{
    private readonly ErasableBodies bodies = new(options.Home.Authors);

    /// <summary>As the log may have it. The name is on disk before anything commits to it.</summary>
    /// <exception cref="LogStorageException">It cannot be kept.</exception>
    public Source Keep(Source source) =>
        source with
        {
            Author = bodies.Keep(Encoding.UTF8.GetBytes(source.Author)).ToString(),
        };

    /// <summary>What the log did not take.</summary>
    public void Forget(Source source) => Erase(source.Author);

    /// <summary>As people read it.</summary>
    public ServiceVersion Reveal(ServiceVersion version) =>
        version with
        {
            Source = version.Source with { Author = NameOf(version.Source) },
        };

    /// <summary>Erases the author of a version, wherever the same name and address are kept.</summary>
    public async Task<Results<Ok<Done>, ProblemHttpResult>> EraseAsync(
        EraseRequest request,
        Caller caller,
        CancellationToken ct
    )
    {
        var before = journal.State.Versions;
        var same = before.TryGetValue(request.Mark, out var version) ? SameAs(version) : [request.Mark];
        var result = await commands.RunAsync(new Command.EraseAuthor(same, request.Reason), caller, request.By, ct);
        // The log has said so; a crash before the last of these is made good by the next start.
        if (result.Result is Ok<Done>)
            SweepErased();
        return result;
    }

    /// <summary>
    /// Before anybody can ship: who was erased has no file, nor has a ship that died before the log had it.
    /// </summary>
    /// <exception cref="LogStorageException">One cannot be deleted.</exception>
    public void SweepAll() =>
        bodies.EraseAllBut(
            journal.State.Versions.Values.Select(v => CommitmentOf(v.Source.Author)).OfType<Commitment>()
        );

    private void SweepErased()
    {
        foreach (var version in journal.State.Versions.Values.Where(v => v.Source.IsAuthorErased()))
            Erase(version.Source.Author[Source.ErasedAuthor.Length..]);
    }

    private IReadOnlyList<Mark> SameAs(ServiceVersion version)
    {
        var name = NameOf(version.Source);
        return
        [
            .. journal
                .State.Versions.Values.Where(v =>
                    v.Mark == version.Mark || (CommitmentOf(v.Source.Author) is not null && NameOf(v.Source) == name)
                )
                .Select(v => v.Mark),
        ];
    }

    private string NameOf(Source source)
    {
        if (source.IsAuthorErased())
            return "erased";
        if (CommitmentOf(source.Author) is not { } commitment)
            return source.Author;
        try
        {
            return bodies.Read(commitment) is { } name
                ? Encoding.UTF8.GetString(name)
                : $"not kept here ({commitment})";
        }
        catch (Exception damaged) when (damaged is LogCorruptException or LogStorageException)
        {
            return $"damaged ({commitment})";
        }
    }

    private void Erase(string author)
    {
        if (CommitmentOf(author) is { } commitment)
            bodies.Erase(commitment);
    }

    /// <summary>Null of a name, as older logs have it.</summary>
    private static Commitment? CommitmentOf(string author)
    {
        try
        {
            return Commitment.Parse(author);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
