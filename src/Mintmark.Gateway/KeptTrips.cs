using System.Globalization;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>
/// Releases whose candidates were found worse here, on disk: a gateway that ends before the control plane has heard of
/// it does not give them anything when it is back.
/// </summary>
sealed class KeptTrips
{
    private const string File = "trips";
    private const int Most = 64;
    private const int Longest = Most * 64;

    private readonly GatewayFolder folder;
    private readonly Lock changing = new();
    private readonly Lock writing = new();
    private readonly List<Trip> trips = [];
    private bool hasGivenWay;
    private Task written = Task.CompletedTask;

    public KeptTrips(GatewayFolder folder)
    {
        this.folder = folder;
        Read();
    }

    /// <summary>Also what another gateway has found since.</summary>
    public void Read()
    {
        if (folder.Read(File, Longest) is not var (bytes, _))
            return;
        var kept = Encoding.ASCII.GetString(bytes).Split('\n').Select(Parse).OfType<Trip>().ToList();
        lock (changing)
            trips.InsertRange(0, kept.Except(trips));
    }

    /// <summary>Not written yet when this returns: no request waits for a disk.</summary>
    /// <param name="revision">Of the table at that time.</param>
    public void Add(ReleaseId release, long revision)
    {
        lock (changing)
        {
            if (trips.Any(t => t.Release == release))
                return;
            trips.Add(new(release, revision));
            trips.RemoveRange(0, Math.Max(0, trips.Count - Most));
            Save();
        }
    }

    /// <summary>
    /// A table that comes from the control plane with a revision of before a trip is another log's, and its releases
    /// are others of the same name.
    /// </summary>
    /// <returns>Whether there was any.</returns>
    public bool Forget(IEnumerable<ReleaseId> releases, long revision)
    {
        lock (changing)
        {
            var isOther = trips.RemoveAll(t => t.Revision > revision && releases.Contains(t.Release)) > 0;
            if (isOther)
                Save();
            return isOther;
        }
    }

    /// <summary>All that was found is on disk then, as far as the disk takes it.</summary>
    public Task FinishAsync()
    {
        lock (changing)
            return written;
    }

    /// <summary>Another gateway keeps them from now on.</summary>
    public void GiveWay()
    {
        lock (changing)
            hasGivenWay = true;
    }

    public bool Has(ReleaseId release)
    {
        lock (changing)
            return trips.Any(t => t.Release == release);
    }

    private void Save() => written = Task.WhenAll(written, Task.Run(Write));

    private void Write()
    {
        lock (writing)
        {
            string text;
            lock (changing)
            {
                if (hasGivenWay)
                    return;
                text = string.Concat(
                    trips.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Release} {t.Revision}\n"))
                );
            }
            try
            {
                folder.Write(File, Encoding.ASCII.GetBytes(text));
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                Notice.Say($"what was found worse cannot be kept: {full.Message}");
            }
        }
    }

    private static Trip? Parse(string line) =>
        line.Split(' ') is [var release, var revision]
        && ReleaseId.TryParse(release, CultureInfo.InvariantCulture, out var id)
        && long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new Trip(id, size)
            : null;

    private sealed record Trip(ReleaseId Release, long Revision);
}
