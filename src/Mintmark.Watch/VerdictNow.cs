using Mintmark.Releases;

namespace Mintmark.Watch;

/// <param name="Reason">Why; where there is not enough evidence, what is still missing.</param>
/// <param name="LogEvidence">ln of the e-value against "no worse"; null where counts played no part.</param>
public sealed record VerdictNow(Verdict Verdict, string Reason, decimal? LogEvidence = null);
