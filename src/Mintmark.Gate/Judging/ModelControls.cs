using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Whether this very model was validated, by another, lately, with a reason for each no.</summary>
internal static class ModelControls
{
    private const string Declare = "declare validation.report in mint.yaml (docs/gates.md says what a report holds)";

    public static Found Validated(Subject subject, decimal seconds, string most)
    {
        if (subject.Version.Manifest.Validation is null)
            return Found.No("mint.yaml names no validation report", Declare);
        if (subject.Evidence?.Validation is not { } report)
            return Found.Missing("a look at its validation report");
        return Flaw(subject, report, seconds, most) is { } flaw
            ? Found.No($"{report.File} ({report.Digest}): {flaw}", "have the model in this artifact validated")
            : Found.Yes(
                $"{report.File} ({report.Digest}) of {report.Date:yyyy-MM-dd} by {report.Validator} is about "
                    + $"{report.Model} ({report.ModelDigest}), with {report.Metrics} metrics and "
                    + $"{report.ReasonCodes} reason codes"
            );
    }

    private static string? Flaw(Subject subject, ValidationSummary report, decimal seconds, string most)
    {
        if (report.FoundDigest is null)
            return $"the artifact has no {report.Model}";
        if (report.FoundDigest != report.ModelDigest)
            return $"it is about another {report.Model} ({report.ModelDigest}; in the artifact: {report.FoundDigest})";
        var at = new DateTimeOffset(report.Date, TimeOnly.MinValue, TimeSpan.Zero);
        if (at > subject.Now)
            return $"it is of {report.Date:yyyy-MM-dd}, which is yet to come";
        if (at.AddSeconds((double)seconds) < subject.Now)
            return $"it is of {report.Date:yyyy-MM-dd}, longer than {most} ago";
        if (report.Metrics == 0)
            return "it has no metrics";
        if (report.WithoutReason.Count > 0)
            return $"adverse outcomes without a reason code: {string.Join(", ", report.WithoutReason)}";
        return report.ReasonCodes == 0 ? "it has no reason codes" : Validator(subject, report.Validator);
    }

    private static string? Validator(Subject subject, PersonName validator)
    {
        if (subject.State.Persons.GetValueOrDefault(validator) is not { RemovedAt: null })
            return $"its validator {validator} is no person here";
        if (subject.Release.By == validator.Actor)
            return $"its validator {validator} asked for this release";
        return subject.Source switch
        {
            not { Authors: { } } =>
                $"who wrote its commits cannot be told: {SourceFacts.ToTellAuthors}, then ship again",
            { UnknownAuthors: > 0 } s => $"{s.UnknownAuthors} addresses in its commits are no registered person's",
            { } s when s.Authors.Contains(validator) => $"its validator {validator} wrote some of it",
            _ => null,
        };
    }
}
