namespace Mintmark.Build;

/// <param name="Follows">Whether the commit came of the other one.</param>
/// <param name="Names">What it came to since, newest first; itself alone where it did not come of the other.</param>
/// <param name="IsWhole">Whether <paramref name="Names"/> are all of it: else nobody can tell who wrote it.</param>
internal sealed record NewerCommits(bool Follows, IReadOnlyList<string> Names, bool IsWhole);

/// <summary>
/// What a commit came to since another one, by what the commits themselves say: no graft, replacement, shallow file or
/// commit-graph of the repository hides one, and a commit that somebody has overwritten is refused.
/// </summary>
/// <remarks>
/// As git does it, newest first, for as long as there is one that only the newer commit has come of. Where a clock was
/// wrong a commit may be listed although the older one came of it as well; none is left out.
/// </remarks>
internal sealed class GitWalk
{
    private const int MostKnown = 200_000;
    private const int MostExtra = 10_000;

    private readonly GitObjects objects;
    private readonly Dictionary<string, Node> known = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Node, (long Age, int Order)> queue = new();
    private readonly List<Node> met = [];
    private int open;
    private int order;

    private GitWalk(GitObjects objects) => this.objects = objects;

    public static async Task<NewerCommits> SinceAsync(
        GitObjects objects,
        string commit,
        string since,
        CancellationToken ct
    )
    {
        var walk = new GitWalk(objects);
        await walk.AddAsync(commit, isNew: true, isOld: false, ct);
        await walk.AddAsync(since, isNew: false, isOld: true, ct);
        await walk.RunAsync(ct);
        var newer = walk.met.Where(node => node.IsOpen).ToList();
        var follows = walk.known[since].IsNew;
        return new NewerCommits(
            follows,
            follows ? [.. newer.Where(node => node.IsHere).Select(node => node.Name)] : [commit],
            follows && walk.open == 0 && newer.TrueForAll(node => node.IsHere)
        );
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var (oldest, extra) = (long.MaxValue, 0);
        while (known.Count <= MostKnown && queue.TryPeek(out var node, out _))
        {
            // Beyond the last open one, the older commit may still come to one that was taken for new.
            if (open == 0 && (node.At < oldest || ++extra > MostExtra))
                return;
            queue.Dequeue();
            node.IsQueued = false;
            if (node.IsOpen)
            {
                open--;
                oldest = Math.Min(oldest, node.At);
                met.Add(node);
            }
            foreach (var parent in node.Parents)
                await AddAsync(parent, node.IsNew, node.IsOld, ct);
        }
    }

    /// <summary>A commit is looked at again where it turns out to be of both.</summary>
    private async Task AddAsync(string name, bool isNew, bool isOld, CancellationToken ct)
    {
        if (!known.TryGetValue(name, out var node))
            known.Add(name, node = Node.Of(name, await GitCommit.FindAsync(objects, name, ct)));
        if ((node.IsNew || !isNew) && (node.IsOld || !isOld))
            return;
        if (node is { IsQueued: true, IsOpen: true })
            open--;
        (node.IsNew, node.IsOld) = (node.IsNew || isNew, node.IsOld || isOld);
        if (node.IsOpen)
            open++;
        if (!node.IsQueued)
            queue.Enqueue(node, (-node.At, order++));
        node.IsQueued = true;
    }

    /// <param name="At">-1 where the repository does not have the commit, as where its history is cut.</param>
    private sealed record Node(string Name, IReadOnlyList<string> Parents, long At)
    {
        public bool IsHere => At >= 0;

        /// <summary>The newer commit came of it.</summary>
        public bool IsNew { get; set; }

        /// <summary>The older commit came of it.</summary>
        public bool IsOld { get; set; }

        public bool IsOpen => IsNew && !IsOld;

        public bool IsQueued { get; set; }

        public static Node Of(string name, GitCommit? commit) =>
            commit is null ? new(name, [], -1) : new(name, [.. commit.Parents], commit.At);
    }
}
