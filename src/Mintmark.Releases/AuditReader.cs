namespace Mintmark.Releases;

/// <summary>
/// Reads what advisories said of a version. <see cref="EntryReader"/> says what is left to the general reader.
/// </summary>
internal static class AuditReader
{
    public static Event? Audited(ref PlainText text) =>
        text.Takes(",\"audit\":"u8)
        && Read(ref text) is { } audit
        && text.Takes(",\"mark\":\""u8)
        && text.Mark(out var mark)
            ? new Event.ComponentsAudited(mark, audit)
            : null;

    public static AuditSummary? Read(ref PlainText text)
    {
        if (!text.Takes("{\"advisories\":"u8) || !text.Number(out int advisories))
            return null;
        if (!text.Takes(",\"excused\":"u8) || !text.Texts(out var excused))
            return null;
        if (!text.Takes(",\"findings\":"u8) || !text.Number(out int findings))
            return null;
        List<AuditFinding>? found = null;
        if (text.Takes(",\"found\":["u8) && (found = Found(ref text)) is null)
            return null;
        return
            text.Takes(",\"open\":"u8)
            && text.Texts(out var open)
            && text.Takes(",\"snapshot\":\""u8)
            && text.Text(out string snapshot)
            && text.Takes("}"u8)
            ? new(snapshot, advisories, findings, open, excused, found)
            : null;
    }

    private static List<AuditFinding>? Found(ref PlainText text)
    {
        var found = new List<AuditFinding>();
        while (text.Goes(found))
        {
            if (!text.Takes("{\"id\":\""u8) || !text.Text(out string id))
                return null;
            DateTimeOffset? known = null;
            if (text.Takes(",\"known\":\""u8))
            {
                if (!text.Time(out var at))
                    return null;
                known = at;
            }
            if (!text.Takes(",\"package\":\""u8) || !text.Text(out string package))
                return null;
            decimal? score = null;
            if (text.Takes(",\"score\":\""u8))
            {
                if (!text.Amount(out var of))
                    return null;
                score = of;
            }
            if (!text.Takes("}"u8))
                return null;
            found.Add(new(id, package, score, known));
        }
        return text.Takes("]"u8) ? found : null;
    }
}
