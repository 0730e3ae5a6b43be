using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>What advisories say of a version's components, the worst first, and what of it is excused.</summary>
public sealed record ComponentAudit(
    AdvisorySnapshot Snapshot,
    IReadOnlyList<Finding> Open,
    IReadOnlyList<(Finding Finding, Vex By)> Excused
)
{
    public const string FileName = "audit.json";

    /// <param name="purls">Package URLs, as a bill of materials has them.</param>
    /// <param name="at">Statements that have expired by then excuse nothing.</param>
    public static ComponentAudit Of(
        IEnumerable<string> purls,
        AdvisorySnapshot snapshot,
        IReadOnlyList<Vex> vex,
        DateTimeOffset at
    )
    {
        var (open, excused) = (new List<Finding>(), new List<(Finding, Vex)>());
        var findings = purls
            .SelectMany(snapshot.Find)
            .OrderByDescending(f => f.Weight())
            .ThenBy(f => f.Purl, StringComparer.Ordinal)
            .ThenBy(f => f.Advisory, StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            if (vex.FirstOrDefault(v => v.Excuses(finding, at)) is { } by)
                excused.Add((finding, by));
            else
                open.Add(finding);
        }
        return new ComponentAudit(snapshot, open, excused);
    }

    public AuditSummary Summary() =>
        new(
            Snapshot.Digest,
            Snapshot.Advisories,
            Open.Count,
            [.. Open.Take(AuditSummary.MostNamed).Select(f => $"{f.Advisory} in {f.Purl}")],
            [.. Excused.Select(e => e.Finding.Advisory).Distinct().Take(AuditSummary.MostNamed)],
            [
                .. Open.Take(AuditSummary.MostNamed)
                    .Select(f => new AuditFinding(f.Advisory, f.Purl, f.Score, Whole(f.Known))),
            ]
        );

    /// <summary>To the millisecond, as the log has times.</summary>
    private static DateTimeOffset Whole(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>The same findings give the same bytes.</summary>
    public byte[] ToJson() =>
        EvidenceJson.Bytes(
            new JsonObject
            {
                ["snapshot"] = Snapshot.Digest,
                ["advisories"] = Snapshot.Advisories,
                ["open"] = Statement.List(Open.Select(Json)),
                ["excused"] = Statement.List(
                    Excused.Select(e =>
                    {
                        var json = Json(e.Finding);
                        json["by"] = new JsonObject
                        {
                            ["file"] = e.By.Name,
                            ["digest"] = Statement.Digest(e.By.Digest),
                        };
                        json["until"] = Statement.Time(e.By.Expires);
                        return json;
                    })
                ),
            }
        );

    private static JsonObject Json(Finding finding) =>
        new()
        {
            ["package"] = finding.Purl,
            ["advisory"] = finding.Advisory,
            ["aliases"] = Statement.Texts(finding.Aliases),
            ["score"] = finding.Score?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["summary"] = finding.Summary,
            ["known"] = Statement.Time(finding.Known),
        };
}
