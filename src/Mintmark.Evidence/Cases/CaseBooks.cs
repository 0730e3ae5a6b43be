using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Books of test cases in the home, as the log names them.</summary>
public sealed class CaseBooks(KeptBodies kept, Func<State> now)
{
    /// <summary>The latest book of a service; null where no full suite has left results yet.</summary>
    /// <exception cref="MaterialsException">It is damaged, or gone.</exception>
    public CaseBook? Latest(ServiceName service) => Find(now(), service, int.MaxValue)?.Book;

    internal CaseBook? Next(BuiltVersion version, SourceLinks links)
    {
        var state = now();
        var before = Find(state, version.Mark.Service, version.Mark.Number - 1);
        return CaseBook.Next(version, links, before, mark => HasServed(state, mark));
    }

    /// <summary>What the log is to have of it.</summary>
    internal CasesSummary Summary(CaseBook book) => book.Summary(now().Find(book.Mark.Service)?.Retired);

    private (CaseBook Book, string Digest)? Find(State state, ServiceName service, int upTo)
    {
        for (var number = Math.Min(state.Find(service)?.Builds ?? 0, upTo); number > 0; number--)
        {
            var version = state.Versions.GetValueOrDefault(new Mark(service, number));
            if (version?.Artifact?.Evidence?.Find(CaseBook.FileName) is not { } file)
                continue;
            var bytes =
                kept.Read(Hash.Parse(file.Digest["sha256:".Length..]))
                ?? throw new MaterialsException(
                    $"{CaseBook.FileName} of {version.Mark}",
                    "as a whole",
                    "it is not in the home's evidence any more: without it, removed cases would not be noticed"
                );
            return (CaseBook.Read($"{CaseBook.FileName} of {version.Mark}", bytes), file.Digest);
        }
        return null;
    }

    private static bool HasServed(State state, Mark mark) =>
        state.Find(mark.Service)?.Serving == mark
        || (
            state.Versions.GetValueOrDefault(mark) is { } version
            && state.Releases.GetValueOrDefault(version.BuiltBy) is { } release
            && (release.Outcome == Outcome.Promoted || release.Phase == Phase.Guarding)
        );
}
