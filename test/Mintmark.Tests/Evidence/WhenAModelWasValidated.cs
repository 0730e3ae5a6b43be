using System.Text;
using Mintmark.Evidence;
using Mintmark.Tests.Gate;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenAModelWasValidated
{
    private const string Whole = $$"""
        {
          "model": { "file": "model.onnx", "digest": "{{AtTheGate.Model}}" },
          "validator": "rita",
          "date": "2026-01-31",
          "metrics": { "auc": "0.81", "gini": "0.62" },
          "adverseOutcomes": [
            { "outcome": "declined-income", "reasonCode": "R01" },
            { "outcome": "declined-history" }
          ]
        }
        """;

    [Fact]
    public void TheReportIsHeldAgainstTheModelInTheArtifact()
    {
        var report = ValidationReport.Read("report.json", Encoding.UTF8.GetBytes(Whole), _ => AtTheGate.Digest);

        Assert.Equal((AtTheGate.Model, AtTheGate.Digest), (report.ModelDigest, report.FoundDigest));
        Assert.Equal((2, 1), (report.Metrics, report.ReasonCodes));
        Assert.Equal(["declined-history"], report.WithoutReason);
        Assert.Equal(new(2026, 1, 31), report.Date);
    }

    [Theory]
    [InlineData("\"rita\"", "\"Rita Smith\"", "report.json, validator: 1 to 60 characters")]
    [InlineData("2026-01-31", "January", "report.json, date: accepted: a day")]
    [InlineData("sha256:", "md5:", "report.json, model.digest: accepted: sha256:")]
    [InlineData("\"metrics\"", "\"figures\"", "report.json, as a whole: it has no metrics")]
    public void OneThatIsNoReportIsRefusedWithItsPlace(string from, string to, string reason)
    {
        var bytes = Encoding.UTF8.GetBytes(Whole.Replace(from, to, StringComparison.Ordinal));

        var wrong = Assert.Throws<MaterialsException>(() => ValidationReport.Read("report.json", bytes, _ => null));

        Assert.StartsWith(reason, wrong.Message, StringComparison.Ordinal);
    }
}
