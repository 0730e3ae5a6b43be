using System.CommandLine;
using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ShipCommand
{
    private const int MostFilesListed = 20;

    public static Verb Create(Frame frame)
    {
        var commit = Given.Text(
            "COMMIT",
            "A hash, branch or tag [default: what is checked out]",
            ArgumentArity.ZeroOrOne
        );
        var detach = new Option<bool>("--detach") { Description = "Do not wait: print the release and return" };
        var waitGuard = new Option<bool>("--wait-guard") { Description = "Wait until its guard period is over, too" };
        var emergency = new Option<bool>("--emergency")
        {
            Description =
                "Held to fewer controls: somebody else consents (mint approve), and it is reviewed afterwards",
        };
        var person = new Person("the commit's subject");
        var ship = new Verb(
            "ship",
            "Build a commit, test it, and bring it into service step by step while it is judged.",
            "mint ship",
            "mint ship v1.4.0 --reason \"statements by month\"",
            "mint ship --detach --json",
            "mint ship --emergency --reason \"payouts fail since 14:02\""
        )
        {
            commit,
            detach,
            waitGuard,
            emergency,
        };
        person.AddTo(ship);
        ship.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var source = await CommittedAsync(session.Terminal.Folder, given.GetValue(commit), ct);
                var reason = person.Reason(given) ?? SubjectOf(source);
                var by = person.By(given, session);
                var request = new ShipRequest(source.Repository, source.Commit, reason, by, given.GetValue(emergency));
                var until = given.GetValue(waitGuard) ? Until.Ended : Until.Promoted;
                return await RunAsync(session, request, given.GetValue(detach) ? null : until, ct);
            }
        );
        return ship;
    }

    private static async Task<int> RunAsync(Session session, ShipRequest request, Until? until, CancellationToken ct)
    {
        using var api = session.Connect();
        var done = await api.PostAsync<ShipRequest, Done>("/api/ship", request, ct);
        var id = done.Release!.Value;
        if (until is { } end)
            return await Watching.FollowAsync(session, api, id, end, ct);
        session.Print(done, _ => new Page().Line($"{id} is on its way; follow it with: mint show {id} --watch"));
        return Exit.Done;
    }

    private static string SubjectOf(Source source) =>
        string.IsNullOrWhiteSpace(source.Subject) ? $"commit {Words.Commit(source.Commit)}" : source.Subject;

    /// <summary>
    /// The commit to ship. What is not committed cannot be shipped, so a tree that differs is refused.
    /// </summary>
    private static async Task<Source> CommittedAsync(string folder, string? commit, CancellationToken ct)
    {
        var repository = await GitRepository.OpenAsync(folder, ct);
        var source = await repository.ResolveAsync(commit, ct);
        var tree = await repository.WorkTreeAsync(ct);
        if (!tree.IsClean)
            throw Dirty(
                repository.Folder,
                [.. tree.Changed, .. tree.Untracked.Select(path => $"{path} (not tracked)")]
            );
        if (await repository.ExistsAsync(source.Commit, ManifestFile.Name, ct))
            return source;
        throw new StopException(
            Exit.BadInput,
            $"{Words.Commit(source.Commit)} has no {ManifestFile.Name} in {repository.Folder}",
            "write one with: mint init   then commit it"
        );
    }

    private static StopException Dirty(string folder, IReadOnlyList<string> paths)
    {
        var listed = paths.Take(MostFilesListed).Select(path => $"\n    {path}");
        var more = paths.Count > MostFilesListed ? $"\n    and {paths.Count - MostFilesListed} more" : "";
        return new StopException(
            Exit.BadInput,
            $"the working tree of {folder} differs from its commit:{string.Concat(listed)}{more}",
            "commit these files, or put them aside with: git stash --include-untracked"
        );
    }
}
