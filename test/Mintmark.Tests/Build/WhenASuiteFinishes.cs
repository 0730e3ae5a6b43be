using System.Security.Cryptography;
using System.Text;
using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenASuiteFinishes : IDisposable
{
    private const string JUnit = """
        <?xml version="1.0"?>
        <testsuites><testsuite name="s" tests="5">
          <testcase classname="T" name="a"/><testcase classname="T" name="b"><system-out>x</system-out></testcase>
          <testcase classname="T" name="c"><failure message="m">f</failure><failure/></testcase>
          <testcase classname="T" name="d"><error/></testcase>
          <testcase classname="T" name="T.e"><skipped/></testcase>
          <testsuite><testcase name="inner"/></testsuite>
        </testsuite></testsuites>
        """;

    private const string Trx = """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
          <UnitTestResult testName="a" outcome="Passed"/>
          <UnitTestResult testName="b" outcome="Failed"><Output/></UnitTestResult>
          <UnitTestResult testName="c" outcome="NotExecuted"/><UnitTestResult testName="d" outcome="Timeout"/>
          <UnitTestResult testName="e"/>
        </Results></TestRun>
        """;

    private readonly BuildHome home;
    private BuiltVersion? built;

    public WhenASuiteFinishes()
    {
        home = new BuildHome(
            materials: (_, _, _) =>
                version =>
                {
                    built = version;
                    return new BuildEvidence([], 0, []);
                }
        );
        home.Repository.Write("junit.xml", JUnit);
        home.Repository.Write("results.trx", Trx);
        home.Repository.Write("smoke.xml", BuildHome.Passing);
        home.Repository.Write("bomb.xml", "<!DOCTYPE a [<!ENTITY b \"b\">]><testsuite>&b;</testsuite>");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task JUnitCasesAreCounted()
    {
        var result = await SmokeAsync("cp junit.xml smoke.xml; exit 1");

        Assert.Equal((3, 2, 1), (result.Passed, result.Failed, result.Skipped));
        Assert.Equal(["T.c", "T.d"], result.FailedCases);
        Assert.Equal(
            "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JUnit))),
            result.ResultsDigest
        );
    }

    [Fact]
    public async Task WhatItLeftIsKeptForItsOwnerAlone()
    {
        await SmokeAsync("cp junit.xml smoke.xml; chmod 666 smoke.xml");

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(home.In("builds/rel-1/smoke-results.xml"))
        );
    }

    [Fact]
    public async Task TrxCasesAreCounted()
    {
        var result = await SmokeAsync("cp results.trx smoke.xml");

        Assert.Equal((1, 3, 1), (result.Passed, result.Failed, result.Skipped));
        Assert.Equal(["b", "d", "e"], result.FailedCases);
    }

    [Theory]
    [InlineData("true", "(no results were left at smoke.xml)")]
    [InlineData("rm -f smoke.xml; ln -s junit.xml smoke.xml", "(smoke.xml is behind a link)")]
    [InlineData("mkdir smoke.xml", "(smoke.xml is no file)")]
    [InlineData("mkfifo smoke.xml", "(smoke.xml is no file)")]
    [InlineData("echo '<testsuite/>' > smoke.xml", "(no test case ran, says smoke.xml)")]
    [InlineData("echo '<a/>' > smoke.xml", "(smoke.xml: <a> begins neither JUnit nor TRX results)")]
    [InlineData(
        "echo '<testsuite><testcase><skipped/></testcase></testsuite>' > smoke.xml",
        "(no test case ran, says smoke.xml)"
    )]
    [InlineData($"echo '{BuildHome.Passing}' > smoke.xml; exit 7", "(the command ended with status 7)")]
    public async Task ASuiteThatProvesNothingHasFailed(string smoke, string said)
    {
        var result = await SmokeAsync(smoke);

        Assert.Equal(1, result.Failed);
        Assert.Equal([said], result.FailedCases);
    }

    [Theory]
    [InlineData("cp bomb.xml smoke.xml", "DTD is prohibited")]
    [InlineData("echo '<testsuite><testcase name=' > smoke.xml", "(smoke.xml: no XML")]
    [InlineData("printf '\\000\\001' > smoke.xml", "(smoke.xml: no XML")]
    [InlineData("touch smoke.xml", "(smoke.xml: no XML")]
    public async Task ResultsThatCannotBeReadAreAFailure(string smoke, string said)
    {
        var result = await SmokeAsync(smoke);

        Assert.Equal(1, result.Failed);
        Assert.Contains(said, Assert.Single(result.FailedCases), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASuiteThatHangsHasFailed()
    {
        var result = await SmokeAsync("cp junit.xml smoke.xml; sleep 1000", seconds: 1);

        Assert.Equal(["(stopped after its time limit of 1s)", "T.c", "T.d"], result.FailedCases);
        Assert.Equal(3, result.Failed);
        Assert.True(result.Milliseconds >= 1000);
    }

    [Fact]
    public async Task AfterAFailedSmokeSuiteTheFullOneIsNotRunAndTheVersionIsStillPacked()
    {
        var outcome = await home.BuildAsync(BuildHome.Manifest(smoke: "false"));

        Assert.IsType<BuildOutcome.Built>(outcome);
        Assert.Equal("smoke", Assert.Single(home.Suites).Suite);
        Assert.DoesNotContain(BuildStage.Full, home.Stages);
    }

    [Fact]
    public async Task NoMoreThanTwentyFailedCasesAreNamed()
    {
        var cases = string.Concat(Enumerable.Range(0, 50).Select(i => $"<testcase name=\"c{i}\"><error/></testcase>"));

        var result = await SmokeAsync($"echo '<testsuite>{cases}</testsuite>' > smoke.xml");

        Assert.Equal(50, result.Failed);
        Assert.Equal(20, result.FailedCases.Count);
    }

    [Fact]
    public async Task JUnitCasesSayWhatTheyVerify()
    {
        var cases = await ReadAsync(
            """
            <testsuites><testsuite><properties><property name="requirement" value="PAY-9"/></properties>
              <testcase classname="T" name="a" time="0.25"><properties>
                <property name="Requirement" value="PAY-1, PAY-2"/><property name="verifies">PAY-3</property>
                <property name="tags" value="fast"/></properties></testcase>
              <testcase classname="T" name="b"><flakyFailure message="x"/></testcase>
              <testcase classname="T" name="c"/><testcase classname="T" name="c"><failure/></testcase>
            </testsuite></testsuites>
            """
        );

        Assert.Equal(
            [("T.a", CaseResult.Passed), ("T.b", CaseResult.Retried), ("T.c", CaseResult.Failed)],
            cases.Select(c => (c.Id, c.Result))
        );
        Assert.Equal(["PAY-1", "PAY-2", "PAY-3"], cases[0].Verifies);
        Assert.Equal(["fast"], cases[0].Labels);
        Assert.Equal(250, cases[0].Milliseconds);
        var suite = home.Suites.Last();
        Assert.Equal((3, 1), (suite.Passed, suite.Failed));
    }

    [Fact]
    public async Task TrxCasesSayWhatTheyVerify()
    {
        var cases = await ReadAsync(
            """
            <TestRun><Results>
              <UnitTestResult testId="1" testName="Sums" outcome="Passed" duration="00:00:01.5"/>
              <UnitTestResult testId="2" testName="Bank.Ledger.Keeps" outcome="Failed"/></Results>
            <TestDefinitions>
              <UnitTest id="1"><TestCategory><TestCategoryItem TestCategory="PAY-2"/></TestCategory>
                <Properties><Property><Key>Requirement</Key><Value>PAY-1</Value></Property></Properties>
                <TestMethod className="Bank.Ledger, Bank" name="Sums"/></UnitTest>
              <UnitTest id="2"><TestMethod className="Bank.Ledger" name="Keeps"/></UnitTest>
            </TestDefinitions></TestRun>
            """
        );

        Assert.Equal(["Bank.Ledger.Sums", "Bank.Ledger.Keeps"], cases.Select(c => c.Id));
        Assert.Equal(["PAY-1"], cases[0].Verifies);
        Assert.Equal(["PAY-2"], cases[0].Labels);
        Assert.Equal(1_500, cases[0].Milliseconds);
        Assert.Equal(["Bank.Ledger.Keeps"], home.Suites.Last().FailedCases);
    }

    private async Task<IReadOnlyList<RanCase>> ReadAsync(string xml)
    {
        home.Repository.Write("full.results", xml);
        home.Repository.Commit("results");
        await home.BuiltAsync(BuildHome.Manifest(full: "cp full.results full.xml"));
        return built!.Ran!.Single(r => r.Suite == "full").Cases;
    }

    private async Task<SuiteResult> SmokeAsync(string smoke, int seconds = 60)
    {
        await home.BuiltAsync(BuildHome.Manifest(smoke: smoke, seconds: seconds));
        return home.Suites.First();
    }
}
