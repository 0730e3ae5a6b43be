using System.Globalization;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Controls of what is in the artifact.</summary>
internal static class ComponentControls
{
    /// <summary>What nobody could list is named, and no reason to refuse: it is the team that has to know.</summary>
    public static Found Listed(Subject subject)
    {
        if (subject.Evidence is not { } evidence)
            return Found.No("it was built without a list of its components: ship it again", Found.ShipAgain);
        var missing = evidence.NotCovered.Count == 0 ? "" : $"; not covered: {string.Join(", ", evidence.NotCovered)}";
        return Found.Yes($"{evidence.Components} components{missing}");
    }

    /// <summary>Without advisories there is nothing to hold them against; another control asks for some.</summary>
    public static Found Audited(Subject subject, decimal severity)
    {
        if (Audit(subject) is not { } audit)
            return Found.Yes("no advisories are named here");
        var against = $"{audit.Advisories:N0} advisories ({audit.Snapshot})";
        var excused = audit.Excused.Count == 0 ? "" : $"; excused: {string.Join(", ", audit.Excused)}";
        if (audit.Findings == 0)
            return Found.Yes($"nothing known among {against}{excused}");
        if (audit.Found is not { } found)
        {
            var more = audit.Findings > audit.Open.Count ? $" and {audit.Findings - audit.Open.Count} more" : "";
            return Known($"{string.Join(", ", audit.Open)}{more}, by {against}{excused}");
        }
        var bad = found.Where(f => f.Weight() >= severity).ToList();
        if (bad.Count == 0)
            return Found.Yes($"{audit.Findings} known, all below {Score(severity)}, by {against}{excused}");
        // The worst come first: if there are more than are named, all that are named may be bad.
        var others =
            bad.Count == found.Count && audit.Findings > found.Count
                ? $" and up to {audit.Findings - found.Count} more"
                : "";
        var named = string.Join(", ", bad.Select(f => $"{f.Id} ({Scored(f)}) in {f.Package}"));
        return Known($"{named}{others}, by {against}{excused}");
    }

    public static Found Named(Subject subject) =>
        subject.Evidence is null ? Found.Missing("a list of its components")
        : Audit(subject) is { } audit ? Found.Yes($"{audit.Advisories:N0} advisories ({audit.Snapshot})")
        : Found.No("nobody has named advisories", "put OSV's into the home's folder advisories (docs/evidence.md)");

    public static Found Supported(Subject subject) =>
        subject.Evidence?.Support switch
        {
            null => Found.Missing("a look at what is past its support"),
            { Ended.Count: 0 } support => Found.Yes($"nothing is past its support, by {support.Table}"),
            { } support => Found.No(
                $"past its support: {string.Join(", ", support.Ended)}",
                "move to versions that are supported"
            ),
        };

    public static Found Secrets(Subject subject)
    {
        if (subject.Evidence?.Secrets is not { } scan)
            return Found.Missing("a scan for secrets");
        var allowed = scan.Allowed.Count == 0 ? "" : $"; allowed: {string.Join(", ", scan.Allowed)}";
        var unread = scan.Unread.Count == 0 ? "" : $"; not unpacked: {string.Join(", ", scan.Unread)}";
        if (scan.Findings == 0)
            return Found.Yes($"none in {scan.Files:N0} files, {scan.Bytes:N0} bytes{allowed}{unread}");
        var more = scan.Findings > scan.Open.Count ? $" and {scan.Findings - scan.Open.Count} more" : "";
        return Found.No(
            $"{string.Join(", ", scan.Open)}{more}{allowed}",
            "take them out, and change what was given away; what is none: secrets.allow in mint.yaml, with a reason"
        );
    }

    private static AuditSummary? Audit(Subject subject) => subject.Version.Audited?.Audit ?? subject.Evidence?.Audit;

    private static Found Known(string reason) =>
        Found.No(reason, "move to versions without it, or excuse it with a VEX statement (docs/evidence.md)");

    private static string Scored(AuditFinding finding) =>
        finding.Score is { } score ? $"CVSS {Score(score)}" : "no score, counts as the worst";

    private static string Score(decimal score) => score.ToString("0.0", CultureInfo.InvariantCulture);
}
