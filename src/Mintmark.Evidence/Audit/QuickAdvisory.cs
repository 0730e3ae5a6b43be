using System.Text.Json;

namespace Mintmark.Evidence;

/// <summary>
/// Reads the usual advisory in one pass, many times faster than <see cref="AdvisoryReader"/>, which alone decides what
/// an advisory is: whatever is odd in any way is left to it, and so are all complaints.
/// </summary>
internal static class QuickAdvisory
{
    private static readonly HashSet<string> NoVersions = [];

    /// <returns>False where the general reader must be asked.</returns>
    /// <param name="advisory">Null where nothing in it can be matched here.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, out Advisory? advisory)
    {
        advisory = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            advisory = Advisory(ref reader);
            return !reader.Read();
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // The latter says that a text is no UTF-8.
            return false;
        }
    }

    private static Advisory? Advisory(ref Utf8JsonReader reader)
    {
        string? id = null;
        var (summary, withdrawn, seen) = ("", false, Seen.None);
        (DateTimeOffset? published, DateTimeOffset? modified) = (null, null);
        var (aliases, affected, severity) = (new List<string>(), new List<Affected>(), Severity.Unknown);
        Begin(ref reader, JsonTokenType.StartObject);
        while (Goes(ref reader, JsonTokenType.EndObject))
        {
            if (Is(ref reader, "id"u8, Seen.Id, ref seen))
                id = Word(ref reader);
            else if (Is(ref reader, "withdrawn"u8, Seen.Withdrawn, ref seen))
                withdrawn = Text(ref reader).Length >= 0;
            else if (Is(ref reader, "published"u8, Seen.Published, ref seen))
                published = Time(ref reader);
            else if (Is(ref reader, "modified"u8, Seen.Modified, ref seen))
                modified = Time(ref reader);
            else if (Is(ref reader, "summary"u8, Seen.Summary, ref seen))
                summary = AdvisoryReader.Short(Text(ref reader));
            else if (Is(ref reader, "aliases"u8, Seen.Aliases, ref seen))
                Each(ref reader, aliases, Word);
            else if (Is(ref reader, "affected"u8, Seen.Affected, ref seen))
                Affects(ref reader, affected);
            else if (Is(ref reader, "severity"u8, Seen.Severity, ref seen))
                severity = Scores(ref reader, severity);
            else if (Is(ref reader, "database_specific"u8, Seen.Database, ref seen))
                severity = Rated(ref reader, severity);
            else
                Skip(ref reader);
        }
        if (id is null || (published ?? modified) is not { } known)
            throw new JsonException();
        return withdrawn || affected.Count == 0 ? null : new(id, aliases, summary, known, affected, severity);
    }

    private static void Affects(ref Utf8JsonReader reader, List<Affected> into)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        var count = 0;
        while (Goes(ref reader, JsonTokenType.EndArray))
        {
            if (++count > AdvisoryReader.MostAffected)
                throw new JsonException();
            if (Affected(ref reader) is { } affected)
                into.Add(affected);
        }
    }

    /// <summary>Stands on the brace that begins it.</summary>
    private static Affected? Affected(ref Utf8JsonReader reader)
    {
        Stand(ref reader, JsonTokenType.StartObject);
        var (seen, severity) = (Seen.None, Severity.Unknown);
        (string? ecosystem, string? name, HashSet<string>? versions) = (null, null, null);
        var ranges = new List<List<RangeEvent>>();
        while (Goes(ref reader, JsonTokenType.EndObject))
        {
            if (Is(ref reader, "package"u8, Seen.Package, ref seen))
                (ecosystem, name) = Package(ref reader);
            else if (Is(ref reader, "versions"u8, Seen.Versions, ref seen))
                Each(ref reader, versions = new(StringComparer.Ordinal), Text);
            else if (Is(ref reader, "ranges"u8, Seen.Ranges, ref seen))
                Ranges(ref reader, ranges);
            else if (Is(ref reader, "severity"u8, Seen.Severity, ref seen))
                severity = Scores(ref reader, severity);
            else if (Is(ref reader, "database_specific"u8, Seen.Database, ref seen))
                severity = Rated(ref reader, severity);
            else if (Is(ref reader, "ecosystem_specific"u8, Seen.Ecosystem, ref seen))
                severity = Rated(ref reader, severity);
            else
                Skip(ref reader);
        }
        if (ecosystem is null || VersionOrder.Of(ecosystem) is not { } order)
            return null;
        return new Affected(
            ecosystem,
            PackageKey.Normal(ecosystem, name!),
            versions ?? NoVersions,
            [.. ranges.Select(events => AdvisoryReader.InOrder(events, order))],
            severity
        );
    }

    private static (string Ecosystem, string Name) Package(ref Utf8JsonReader reader)
    {
        (string? ecosystem, string? name) = (null, null);
        var seen = Seen.None;
        Begin(ref reader, JsonTokenType.StartObject);
        while (Goes(ref reader, JsonTokenType.EndObject))
        {
            if (Is(ref reader, "ecosystem"u8, Seen.Ecosystem, ref seen))
                ecosystem = Ecosystem(Text(ref reader));
            else if (Is(ref reader, "name"u8, Seen.Name, ref seen))
                name = Text(ref reader);
            else
                Skip(ref reader);
        }
        return (ecosystem ?? throw new JsonException(), name ?? throw new JsonException());
    }

    private static string Ecosystem(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return string.Intern(colon < 0 ? text : text[..colon]);
    }

    private static void Ranges(ref Utf8JsonReader reader, List<List<RangeEvent>> into)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        while (Goes(ref reader, JsonTokenType.EndArray))
        {
            Stand(ref reader, JsonTokenType.StartObject);
            var (seen, ofVersions, events) = (Seen.None, false, new List<RangeEvent>());
            while (Goes(ref reader, JsonTokenType.EndObject))
            {
                if (Is(ref reader, "type"u8, Seen.Type, ref seen))
                    ofVersions = Text(ref reader) is "SEMVER" or "ECOSYSTEM";
                else if (Is(ref reader, "events"u8, Seen.Events, ref seen))
                    Events(ref reader, events);
                else
                    Skip(ref reader);
            }
            if (!seen.HasFlag(Seen.Type) || (ofVersions && !seen.HasFlag(Seen.Events)))
                throw new JsonException();
            if (ofVersions)
                into.Add(events);
        }
    }

    private static void Events(ref Utf8JsonReader reader, List<RangeEvent> into)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        while (Goes(ref reader, JsonTokenType.EndArray))
        {
            Stand(ref reader, JsonTokenType.StartObject);
            var seen = Seen.None;
            while (Goes(ref reader, JsonTokenType.EndObject))
            {
                if (Is(ref reader, "introduced"u8, Seen.Introduced, ref seen))
                    into.Add(new(RangeEventKind.Introduced, Text(ref reader)));
                else if (Is(ref reader, "fixed"u8, Seen.Fixed, ref seen))
                    into.Add(new(RangeEventKind.Fixed, Text(ref reader)));
                else if (Is(ref reader, "last_affected"u8, Seen.LastAffected, ref seen))
                    into.Add(new(RangeEventKind.LastAffected, Text(ref reader)));
                else
                    Skip(ref reader);
            }
        }
    }

    /// <summary>A list of objects with a score.</summary>
    private static Severity Scores(ref Utf8JsonReader reader, Severity severity)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        while (Goes(ref reader, JsonTokenType.EndArray))
        {
            Stand(ref reader, JsonTokenType.StartObject);
            var seen = Seen.None;
            while (Goes(ref reader, JsonTokenType.EndObject))
            {
                if (Is(ref reader, "score"u8, Seen.Score, ref seen))
                    severity = severity.WithScore(Text(ref reader));
                else
                    Skip(ref reader);
            }
        }
        return severity;
    }

    /// <summary>An object of a database's own, which may rate the advisory by a word.</summary>
    private static Severity Rated(ref Utf8JsonReader reader, Severity severity)
    {
        Read(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return severity;
        }
        var seen = Seen.None;
        while (Goes(ref reader, JsonTokenType.EndObject))
        {
            if (!Is(ref reader, "severity"u8, Seen.Severity, ref seen))
            {
                Skip(ref reader);
                continue;
            }
            Read(ref reader);
            if (reader.TokenType == JsonTokenType.String)
                severity = severity.WithWord(reader.GetString()!);
            else
                reader.Skip();
        }
        return severity;
    }

    private delegate string ReadOne(ref Utf8JsonReader reader, bool isHere);

    private static void Each(ref Utf8JsonReader reader, ICollection<string> into, ReadOne one)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        while (Goes(ref reader, JsonTokenType.EndArray))
            into.Add(one(ref reader, true));
    }

    private static string Word(ref Utf8JsonReader reader) => Word(ref reader, false);

    private static string Word(ref Utf8JsonReader reader, bool isHere)
    {
        var text = Text(ref reader, isHere);
        foreach (var c in text)
            if (c is <= ' ' or (>= '\u007f' and <= '\u009f'))
                throw new JsonException();
        return text.Length is > 0 and <= 300 ? text : throw new JsonException();
    }

    private static string Text(ref Utf8JsonReader reader) => Text(ref reader, false);

    private static string Text(ref Utf8JsonReader reader, bool isHere)
    {
        if (!isHere)
            Read(ref reader);
        Stand(ref reader, JsonTokenType.String);
        return reader.GetString()!;
    }

    private static DateTimeOffset Time(ref Utf8JsonReader reader)
    {
        Read(ref reader);
        Stand(ref reader, JsonTokenType.String);
        return reader.TryGetDateTimeOffset(out var at) && at.Offset == TimeSpan.Zero ? at : throw new JsonException();
    }

    private static void Begin(ref Utf8JsonReader reader, JsonTokenType token)
    {
        Read(ref reader);
        Stand(ref reader, token);
    }

    private static bool Goes(ref Utf8JsonReader reader, JsonTokenType end)
    {
        Read(ref reader);
        return reader.TokenType != end;
    }

    private static void Stand(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
            throw new JsonException();
    }

    private static void Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            throw new JsonException();
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        Read(ref reader);
        reader.Skip();
    }

    /// <summary>Whether the property that the reader stands on is this one; it may be there once.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, Seen property, ref Seen seen)
    {
        if (!reader.ValueTextEquals(name))
            return false;
        if (seen.HasFlag(property))
            throw new JsonException();
        seen |= property;
        return true;
    }

    [Flags]
    private enum Seen
    {
        None = 0,
        Id = 1,
        Withdrawn = 1 << 1,
        Published = 1 << 2,
        Modified = 1 << 3,
        Summary = 1 << 4,
        Aliases = 1 << 5,
        Affected = 1 << 6,
        Severity = 1 << 7,
        Database = 1 << 8,
        Package = 1 << 9,
        Versions = 1 << 10,
        Ranges = 1 << 11,
        Ecosystem = 1 << 12,
        Name = 1 << 13,
        Type = 1 << 14,
        Events = 1 << 15,
        Introduced = 1 << 16,
        Fixed = 1 << 17,
        LastAffected = 1 << 18,
        Score = 1 << 19,
    }
}
