namespace Mintmark.Releases;

/// <summary>
/// Reads what <c>version-built</c> says of evidence. <see cref="EntryReader"/> says what is left to the general reader.
/// </summary>
internal static class EvidenceReader
{
    public static BuildEvidence? Read(ref PlainText text)
    {
        AuditSummary? audit = null;
        CasesSummary? cases = null;
        if (!text.Takes("{"u8))
            return null;
        if (text.Takes("\"audit\":"u8) && ((audit = AuditReader.Read(ref text)) is null || !text.Takes(","u8)))
            return null;
        if (text.Takes("\"cases\":"u8) && ((cases = Cases(ref text)) is null || !text.Takes(","u8)))
            return null;
        if (!text.Takes("\"components\":"u8) || !text.Number(out int components) || !text.Takes(",\"files\":["u8))
            return null;
        var files = new List<EvidenceFile>();
        while (text.Goes(files))
        {
            if (!text.Takes("{\"bytes\":"u8) || !text.Number(out long bytes))
                return null;
            if (!text.Takes(",\"digest\":\""u8) || !text.Text(out string digest))
                return null;
            if (!text.Takes(",\"name\":\""u8) || !text.Text(out string name) || !text.Takes("}"u8))
                return null;
            files.Add(new(name, digest, bytes));
        }
        if (!text.Takes("],\"notCovered\":"u8) || !text.Texts(out var notCovered))
            return null;
        SecretsSummary? secrets = null;
        if (text.Takes(",\"secrets\":"u8) && (secrets = Secrets(ref text)) is null)
            return null;
        string? signer = null;
        if (text.Takes(",\"signer\":\""u8) && !text.Text(out signer))
            return null;
        SourceSummary? source = null;
        if (text.Takes(",\"source\":"u8) && (source = Source(ref text)) is null)
            return null;
        SupportSummary? support = null;
        if (text.Takes(",\"support\":"u8) && (support = Support(ref text)) is null)
            return null;
        return text.Takes("}"u8)
            ? new(files, components, notCovered, signer, source, audit, cases, support, secrets)
            : null;
    }

    private static SecretsSummary? Secrets(ref PlainText text) =>
        text.Takes("{\"allowed\":"u8)
        && text.Texts(out var allowed)
        && text.Takes(",\"bytes\":"u8)
        && text.Number(out long bytes)
        && text.Takes(",\"files\":"u8)
        && text.Number(out int files)
        && text.Takes(",\"findings\":"u8)
        && text.Number(out int findings)
        && text.Takes(",\"open\":"u8)
        && text.Texts(out var open)
        && text.Takes(",\"unread\":"u8)
        && text.Texts(out var unread)
        && text.Takes("}"u8)
            ? new(files, bytes, findings, open, allowed, unread)
            : null;

    private static CasesSummary? Cases(ref PlainText text) =>
        text.Takes("{\"cases\":"u8)
        && text.Number(out int cases)
        && text.Takes(",\"flaky\":"u8)
        && text.Texts(out var flaky)
        && text.Takes(",\"missing\":"u8)
        && text.Texts(out var missing)
        && text.Takes(",\"unverified\":"u8)
        && text.Texts(out var unverified)
        && text.Takes("}"u8)
            ? new(cases, missing, flaky, unverified)
            : null;

    private static SupportSummary? Support(ref PlainText text) =>
        text.Takes("{\"ended\":"u8)
        && text.Texts(out var ended)
        && text.Takes(",\"table\":\""u8)
        && text.Text(out string table)
        && text.Takes("}"u8)
            ? new(table, ended)
            : null;

    private static SourceSummary? Source(ref PlainText text)
    {
        List<PersonName>? authors = null;
        if (!text.Takes("{"u8) || (text.Takes("\"authors\":"u8) && (authors = Authors(ref text)) is null))
            return null;
        List<string>? changed = null;
        if (text.Takes("\"changedConfiguration\":"u8) && (!text.Texts(out changed) || !text.Takes(","u8)))
            return null;
        if (!text.Takes("\"commits\":"u8) || !text.Number(out int commits))
            return null;
        if (!text.Takes(",\"requirements\":"u8) || !text.Texts(out var requirements))
            return null;
        if (
            !text.Takes(",\"signature\":\""u8)
            || !text.Text(out ReadOnlySpan<byte> name)
            || State(name) is not { } state
        )
            return null;
        if (!text.Takes(",\"unknown\":"u8) || !text.Texts(out var unknown))
            return null;
        int? unknownAuthors = null;
        if (text.Takes(",\"unknownAuthors\":"u8))
        {
            if (!text.Number(out int addresses))
                return null;
            unknownAuthors = addresses;
        }
        List<string>? unlinked = null;
        if (text.Takes(",\"unlinked\":"u8) && !text.Texts(out unlinked))
            return null;
        return text.Takes("}"u8)
            ? new(state, commits, requirements, unknown, unlinked, authors, unknownAuthors, changed)
            : null;
    }

    /// <summary>The list, and the comma after it.</summary>
    private static List<PersonName>? Authors(ref PlainText text)
    {
        if (!text.Texts(out var names) || !text.Takes(","u8))
            return null;
        var persons = new List<PersonName>();
        foreach (var name in names)
        {
            if (!PersonName.TryParse(name, provider: null, out var person))
                return null;
            persons.Add(person);
        }
        return persons;
    }

    private static SignatureState? State(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("unsigned"u8) ? SignatureState.Unsigned
        : name.SequenceEqual("good"u8) ? SignatureState.Good
        : name.SequenceEqual("untrusted"u8) ? SignatureState.Untrusted
        : name.SequenceEqual("bad"u8) ? SignatureState.Bad
        : name.SequenceEqual("unchecked"u8) ? SignatureState.Unchecked
        : null;
}
