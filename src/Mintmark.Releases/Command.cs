namespace Mintmark.Releases;

/// <summary>A wish of a person, or what a reconciler plans or has seen. Decided against the current state.</summary>
public abstract partial record Command
{
    private Command() { }

    /// <summary>
    /// Whether it stops traffic, takes a version back, or is what one is taken back for: a full disk has room for it.
    /// </summary>
    public bool CannotWait =>
        this switch
        {
            Halt or Rollback => true,
            Record { Event: Event.VerdictReached { Verdict: Verdict.Worse } or Event.RolledBack } => true,
            Record { Event: Event.InstanceHealthChanged { Healthy: false } } => true,
            Record { Event: Event.InvariantsReported { Results: var results } } => results.Any(r =>
                r.Broken is not null
            ),
            _ => false,
        };

    /// <summary>What a person may say; a refusal of it is kept in the log.</summary>
    public abstract record Person : Command
    {
        private protected Person() { }

        /// <summary>Why; it enters the log.</summary>
        public abstract string Reason { get; init; }

        /// <summary>The service that it is about; null where it is about none, or about all.</summary>
        public virtual ServiceName? About => null;
    }

    /// <param name="Emergency">Held to fewer controls, consented to by a second person, reviewed afterwards.</param>
    public sealed record Ship(Source Source, Manifest Manifest, string Reason, bool Emergency = false) : Person
    {
        public override ServiceName? About => Manifest.Name;
    }

    /// <param name="To">Null goes to the last good version.</param>
    public sealed record Rollback(ServiceName Service, Mark? To, string Reason) : Person
    {
        public override ServiceName? About => Service;
    }

    /// <summary>Lets a release go on from a step that lacks evidence.</summary>
    /// <param name="Worse">Why the judge finds the candidate worse at this moment; null where it does not.</param>
    public sealed record Advance(ReleaseId Release, string Reason, string? Worse) : Person;

    /// <summary>Keeps no longer who wrote the commits of these versions.</summary>
    public sealed record EraseAuthor(IReadOnlyList<Mark> Marks, string Reason) : Person;

    /// <summary>Misses a test case no more that was there once.</summary>
    /// <param name="NotMissing">Why there is nothing to retire; null where there is, or nobody can tell.</param>
    public sealed record RetireCase(ServiceName Service, string Case, string Reason, string? NotMissing) : Person
    {
        public override ServiceName? About => Service;
    }

    /// <param name="Service">Null means everything, here and below.</param>
    public sealed record Halt(ServiceName? Service, string Reason) : Person
    {
        public override ServiceName? About => Service;
    }

    public sealed record Resume(ServiceName? Service, string Reason) : Person
    {
        public override ServiceName? About => Service;
    }

    public sealed record Freeze(ServiceName? Service, string Reason) : Person
    {
        public override ServiceName? About => Service;
    }

    /// <param name="Window">What the service would be frozen for again at once; null for nothing.</param>
    public sealed record Thaw(ServiceName? Service, string Reason, string? Window = null) : Person
    {
        public override ServiceName? About => Service;
    }

    /// <summary>
    /// Comes before what takes work of ours to be said, such as to run git: whoever may not say it has none done.
    /// </summary>
    public sealed record Wants(Wish What, string Reason) : Person;

    /// <summary>
    /// A reconciler's plan or observation. Refused where it no longer fits the state: the next round sees anew.
    /// </summary>
    /// <param name="Seen">Size of the state that the gate judged by: what persons changed since was unseen.</param>
    public sealed record Record(Event Event, long? Seen = null) : Command;
}

public enum Wish
{
    Ship,
    ShipInEmergency,
    Review,
    FetchAdvisories,
}

/// <summary>What came of a command.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <param name="Events">In the order in which they enter the log; empty where all is as wished already.</param>
    public sealed record Accepted(IReadOnlyList<Event> Events) : Decision;

    /// <param name="Rule">Name of the rule that says no, such as <c>one-release-at-a-time</c>.</param>
    public sealed record Refused(string Rule, string Reason) : Decision
    {
        /// <summary>The rule of what a reconciler planned on a state that has moved on.</summary>
        public const string Overtaken = "overtaken";
    }
}
