using System.Globalization;
using System.Text;
using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Evidence;

/// <summary>The vectors were drawn by lot, and their scores are those of a calculator by others.</summary>
public sealed class WhenAnAdvisoryIsScored
{
    [Theory]
    [InlineData("AV:A/AC:L/Au:M/C:P/I:N/A:P", "3.7")]
    [InlineData("AV:N/AC:H/Au:M/C:P/I:P/A:P", "4.3")]
    [InlineData("AV:A/AC:M/Au:S/C:N/I:N/A:N", "0")]
    [InlineData("AV:A/AC:H/Au:S/C:C/I:C/A:C", "6.5")]
    [InlineData("AV:N/AC:H/Au:N/C:P/I:N/A:C", "6.1")]
    [InlineData("AV:A/AC:M/Au:S/C:N/I:P/A:C", "5.8")]
    [InlineData("AV:A/AC:M/Au:N/C:N/I:P/A:P", "4.3")]
    [InlineData("AV:L/AC:L/Au:S/C:P/I:N/A:N", "1.7")]
    [InlineData("AV:A/AC:L/Au:M/C:C/I:P/A:N", "5.7")]
    [InlineData("AV:L/AC:L/Au:M/C:N/I:C/A:C", "5.9")]
    [InlineData("AV:A/AC:L/Au:S/C:N/I:C/A:N", "5.5")]
    [InlineData("AV:N/AC:H/Au:S/C:C/I:C/A:P", "6.8")]
    [InlineData("CVSS:3.0/AV:P/AC:H/PR:L/UI:R/S:C/C:H/I:N/A:L", "5.5")]
    [InlineData("CVSS:3.0/AV:P/AC:H/PR:L/UI:R/S:U/C:H/I:H/A:H", "6.2")]
    [InlineData("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:L", "4.4")]
    [InlineData("CVSS:3.0/AV:L/AC:L/PR:L/UI:R/S:C/C:L/I:N/A:L", "4.6")]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:H/UI:R/S:U/C:N/I:N/A:L", "2.4")]
    [InlineData("CVSS:3.0/AV:P/AC:H/PR:N/UI:R/S:C/C:H/I:L/A:L", "6.2")]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:H/A:L", "8.6")]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:H/A:N", "8.2")]
    [InlineData("CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "2.4")]
    [InlineData("CVSS:3.0/AV:L/AC:L/PR:N/UI:R/S:C/C:N/I:L/A:H", "7.1")]
    [InlineData("CVSS:3.0/AV:A/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:H", "5.6")]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:H/UI:R/S:C/C:L/I:N/A:H", "6.9")]
    [InlineData("CVSS:3.1/AV:P/AC:H/PR:H/UI:N/S:U/C:N/I:L/A:L", "2.7")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:H/I:H/A:H", "8")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:L", "8.6")]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", "5.9")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:N/A:N", "4.9")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H", "6.5")]
    [InlineData("CVSS:3.1/AV:P/AC:L/PR:L/UI:R/S:C/C:L/I:N/A:N", "2.2")]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:H/A:N", "5.1")]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:N", "3.4")]
    [InlineData("CVSS:3.1/AV:A/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:L", "5.4")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:H", "6")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:N/A:L", "7.6")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N", "6.5")]
    [InlineData("CVSS:3.1/AV:A/AC:H/PR:H/UI:N/S:U/C:L/I:N/A:L", "3.1")]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:N/I:L/A:L", "4.7")]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:H/A:H", "7.3")]
    [InlineData("CVSS:4.0/AV:A/AC:L/AT:N/PR:L/UI:N/VC:L/VI:L/VA:H/SC:H/SI:H/SA:L", "8.4")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:L", "5.1")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:P/VC:L/VI:L/VA:N/SC:H/SI:N/SA:H", "6.2")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:N/UI:N/VC:N/VI:H/VA:N/SC:H/SI:H/SA:N", "5.8")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:P/VC:N/VI:L/VA:L/SC:N/SI:H/SA:N", "6")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:N/PR:L/UI:A/VC:L/VI:N/VA:L/SC:H/SI:L/SA:L", "2.1")]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:P/VC:N/VI:H/VA:L/SC:H/SI:N/SA:H", "8.3")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:L/UI:N/VC:L/VI:H/VA:L/SC:N/SI:N/SA:H", "5.7")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:N/PR:H/UI:A/VC:H/VI:L/VA:N/SC:L/SI:L/SA:N", "4.3")]
    [InlineData("CVSS:4.0/AV:P/AC:L/AT:N/PR:L/UI:P/VC:N/VI:N/VA:L/SC:L/SI:L/SA:H", "4.4")]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:L/SI:N/SA:N", "4.6")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:N/PR:H/UI:A/VC:H/VI:H/VA:H/SC:N/SI:H/SA:H", "7")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:N/UI:N/VC:N/VI:N/VA:H/SC:H/SI:H/SA:H", "6")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:P/VC:L/VI:L/VA:N/SC:H/SI:N/SA:L", "2")]
    [InlineData("CVSS:4.0/AV:A/AC:L/AT:N/PR:H/UI:N/VC:H/VI:N/VA:L/SC:L/SI:N/SA:H", "8.2")]
    [InlineData("CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:H/SC:L/SI:L/SA:H", "7")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:P/PR:H/UI:A/VC:N/VI:L/VA:L/SC:L/SI:H/SA:N", "2")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:N/UI:P/VC:L/VI:H/VA:N/SC:H/SI:N/SA:H", "5.8")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:L/UI:N/VC:H/VI:H/VA:L/SC:L/SI:H/SA:N", "6.9")]
    [InlineData("CVSS:4.0/AV:P/AC:L/AT:N/PR:H/UI:A/VC:H/VI:N/VA:H/SC:N/SI:H/SA:H", "7")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:P/PR:H/UI:P/VC:N/VI:L/VA:N/SC:N/SI:L/SA:N", "1")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:H/SI:N/SA:H", "9.3")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:N/PR:N/UI:N/VC:L/VI:H/VA:N/SC:N/SI:N/SA:N", "6")]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:P/VC:N/VI:N/VA:L/SC:N/SI:H/SA:L", "6.1")]
    [InlineData("CVSS:4.0/AV:A/AC:H/AT:P/PR:L/UI:A/VC:H/VI:H/VA:L/SC:L/SI:L/SA:H", "7")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:P/VC:H/VI:L/VA:H/SC:N/SI:L/SA:H", "8.3")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:L/UI:P/VC:H/VI:N/VA:H/SC:L/SI:H/SA:L", "5.9")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:N/VI:H/VA:L/SC:N/SI:H/SA:N", "8.3")]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:L/UI:A/VC:H/VI:N/VA:L/SC:L/SI:H/SA:N", "5.7")]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:L/SC:L/SI:N/SA:L", "5.1")]
    public void ItsVectorHasTheScoreThatOthersGiveIt(string vector, string score) =>
        Assert.Equal(decimal.Parse(score, CultureInfo.InvariantCulture), Cvss.BaseScore(vector));

    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O", "9.8")]
    [InlineData("(AV:N/AC:L/Au:N/C:C/I:C/A:C)", "10.0")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", "10")]
    public void OtherGroupsOfMetricsDoNotCount(string vector, string score) =>
        Assert.Equal(decimal.Parse(score, CultureInfo.InvariantCulture), Cvss.BaseScore(vector));

    [Theory]
    [InlineData("")]
    [InlineData("HIGH")]
    [InlineData("CVSS:5.0/AV:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H")]
    [InlineData("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H")]
    public void WhatIsNoVectorHasNone(string vector) => Assert.Null(Cvss.BaseScore(vector));

    [Theory]
    [InlineData("""[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}]""", "LOW", "7.5")]
    [InlineData("""[{"type":"Ubuntu","score":"medium"}]""", "CRITICAL", "10")]
    [InlineData("[]", "MODERATE", "6.9")]
    [InlineData("[]", "high", "8.9")]
    [InlineData("""[{"type":"CVSS_V3","score":"nonsense"}]""", "odd", null)]
    public void AVectorComesBeforeAWordAndUnknownIsTheWorst(string severity, string word, string? score)
    {
        var advisory = Of(
            $$"""
            {"id":"A","modified":"2024-01-01T00:00:00Z","severity":{{severity}},
            "database_specific":{"severity":"{{word}}"},"affected":[{"package":{"ecosystem":"npm","name":"a"},
            "versions":["1"]}]}
            """
        );

        var given = advisory.Affected[0].Severity.Within(advisory.Severity);
        Assert.Equal(score is null ? null : decimal.Parse(score, CultureInfo.InvariantCulture), given);
        Assert.Equal(given ?? 10, new Finding("p", "A", [], "", default, given).Weight());
    }

    [Fact]
    public void WhatIsSaidOfThePackageComesFirst()
    {
        var advisory = Of(
            """
            {"id":"A","modified":"2024-01-01T00:00:00Z",
            "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1"],
            "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}]}]}
            """
        );

        Assert.Equal(7.5m, advisory.Affected[0].Severity.Within(advisory.Severity));
    }

    /// <summary>Two readers of one form: where the quick one has an answer, it is that of the general one.</summary>
    [Fact]
    public void WithAnyByteChangedOrGoneTheQuickReaderSaysNothingElse()
    {
        var whole = Encoding.UTF8.GetBytes(
            """
            {"id":"A","aliases":["C"],"modified":"2024-01-01T00:00:00Z","published":"2023-01-01T00:00:00Z",
            "summary":"s","severity":[{"type":"CVSS_V3","score":"high"}],"database_specific":{"severity":"LOW"},
            "affected":[{"package":{"ecosystem":"npm","name":"a","purl":"p"},"versions":["1","2"],"ranges":[
            {"type":"SEMVER","events":[{"fixed":"3.0.0"},{"introduced":"0"}]},{"type":"GIT","events":[]}],
            "ecosystem_specific":{"severity":"HIGH"}}],"references":[{"url":"u"}]}
            """
        );
        Assert.True(QuickAdvisory.TryRead(whole, out _));
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var put in "\"0{}[],:x\\\u0001"u8)
            {
                var changed = (byte[])whole.Clone();
                changed[at] = put;
                Agrees(changed);
            }
            Agrees(whole[..at]);
            Agrees([.. whole[..at], .. whole[(at + 1)..]]);
        }
    }

    private static void Agrees(byte[] json)
    {
        if (!QuickAdvisory.TryRead(json, out var quick))
            return;
        Advisory? general;
        try
        {
            general = AdvisoryReader.ReadAny("a", json);
        }
        catch (MaterialsException wrong)
        {
            // Of what is passed over the quick reader does not ask whether a property is there twice.
            Assert.EndsWith("has a property twice", wrong.Message, StringComparison.Ordinal);
            return;
        }
        Assert.Equivalent(general, quick, strict: true);
    }

    private static Advisory Of(string json) => AdvisoryReader.Read("a", Encoding.UTF8.GetBytes(json))!;
}
