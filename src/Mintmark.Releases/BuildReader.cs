using static Mintmark.Releases.Event;

namespace Mintmark.Releases;

/// <summary>
/// Reads what happens from a commit to an artifact. <see cref="EntryReader"/> says what is left to the general reader.
/// </summary>
internal static class BuildReader
{
    public static Event? Read(ReadOnlySpan<byte> kind, ref PlainText text) =>
        kind.SequenceEqual("build-stage-entered.1"u8) ? StageEntered(ref text)
        : kind.SequenceEqual("suite-finished.1"u8) ? SuiteFinished(ref text)
        : kind.SequenceEqual("version-built.1"u8) ? VersionBuilt(ref text)
        : kind.SequenceEqual("ship-requested.1"u8) ? ShipRequested(ref text)
        : kind.SequenceEqual("components-audited.1"u8) ? AuditReader.Audited(ref text)
        : null;

    private static Event? ShipRequested(ref PlainText text)
    {
        var emergency = text.Takes(",\"emergency\":true"u8);
        return
            text.Takes(",\"manifest\":"u8)
            && text.Object(out var declared)
            && text.Takes(",\"mark\":\""u8)
            && text.Mark(out var mark)
            && text.Reason(out var reason)
            && text.Release(out var release)
            && text.Takes(",\"source\":{\"author\":\""u8)
            && text.Text(out string author)
            && text.Takes(",\"commit\":\""u8)
            && text.Text(out string commit)
            && text.Takes(",\"repository\":\""u8)
            && text.Text(out string repository)
            && text.Takes(",\"subject\":\""u8)
            && text.Text(out string subject)
            && text.Takes(",\"tree\":\""u8)
            && text.Text(out string tree)
            && text.Takes("}"u8)
            && KnownManifests.Of(declared) is { } manifest
            ? new ShipRequested(
                release,
                mark,
                new(repository, commit, tree, author, subject),
                manifest,
                reason,
                emergency
            )
            : null;
    }

    private static Event? StageEntered(ref PlainText text) =>
        text.Release(out var release)
        && text.Takes(",\"stage\":\""u8)
        && text.Text(out ReadOnlySpan<byte> name)
        && Stage(name) is { } stage
            ? new BuildStageEntered(release, stage)
            : null;

    private static BuildStage? Stage(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("checkout"u8) ? BuildStage.Checkout
        : name.SequenceEqual("build"u8) ? BuildStage.Build
        : name.SequenceEqual("smoke"u8) ? BuildStage.Smoke
        : name.SequenceEqual("full"u8) ? BuildStage.Full
        : name.SequenceEqual("pack"u8) ? BuildStage.Pack
        : null;

    private static Event? SuiteFinished(ref PlainText text)
    {
        if (!text.Release(out var release) || !text.Takes(",\"result\":{\"failed\":"u8))
            return null;
        return
            text.Number(out int failed)
            && text.Takes(",\"failedCases\":"u8)
            && text.Texts(out var cases)
            && text.Takes(",\"milliseconds\":"u8)
            && text.Number(out long milliseconds)
            && text.Takes(",\"passed\":"u8)
            && text.Number(out int passed)
            && text.Takes(",\"resultsDigest\":\""u8)
            && text.Text(out string digest)
            && text.Takes(",\"skipped\":"u8)
            && text.Number(out int skipped)
            && text.Takes(",\"suite\":\""u8)
            && text.Text(out string suite)
            && text.Takes("}"u8)
            ? new SuiteFinished(release, new(suite, passed, failed, skipped, cases, digest, milliseconds))
            : null;
    }

    private static Event? VersionBuilt(ref PlainText text)
    {
        if (!text.Takes(",\"artifact\":{\"builtAt\":\""u8) || !text.Time(out var at))
            return null;
        if (!text.Takes(",\"bytes\":"u8) || !text.Number(out long bytes))
            return null;
        if (!text.Takes(",\"digest\":\""u8) || !text.Text(out string digest))
            return null;
        BuildEvidence? evidence = null;
        if (text.Takes(",\"evidence\":"u8) && (evidence = EvidenceReader.Read(ref text)) is null)
            return null;
        if (!text.Takes(",\"tools\":["u8))
            return null;
        var tools = new List<Tool>();
        while (text.Goes(tools))
        {
            if (Tool(ref text) is not { } tool)
                return null;
            tools.Add(tool);
        }
        return text.Takes("]}"u8) && text.Release(out var release)
            ? new VersionBuilt(release, new(digest, bytes, tools, at, evidence))
            : null;
    }

    private static Tool? Tool(ref PlainText text)
    {
        if (!text.Takes("{"u8))
            return null;
        string? digest = null;
        if (text.Takes("\"digest\":\""u8) && (!text.Text(out digest) || !text.Takes(","u8)))
            return null;
        return
            text.Takes("\"name\":\""u8)
            && text.Text(out string name)
            && text.Takes(",\"version\":\""u8)
            && text.Text(out string version)
            && text.Takes("}"u8)
            ? new(name, version, digest)
            : null;
    }
}
