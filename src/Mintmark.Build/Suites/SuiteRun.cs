using System.Security.Cryptography;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// What a suite's command and its results file come to. A suite passed only if the command ended with 0 and the results
/// hold at least one case and no failed one; whatever else happened counts as a failed case that says so in its name,
/// in parentheses, so that the gate needs no second rule.
/// </summary>
internal static class SuiteRun
{
    private static readonly string NoDigest = OciLayout.Digest(SHA256.HashData([]));

    /// <returns>The counts, and the cases where they could be read.</returns>
    public static (SuiteResult Result, RanSuite? Ran) Conclude(
        string suite,
        SuitePlan plan,
        CommandEnd end,
        string checkout,
        string keepAs,
        TimeSpan took
    )
    {
        var wrong = new List<string>();
        var (cases, digest) = Read(plan.Results, checkout, keepAs, wrong);
        if (end is CommandEnd.TimedOut)
            wrong.Insert(0, $"(stopped after its time limit of {Quantity.Duration(plan.TimeoutSeconds)})");
        else if (end is CommandEnd.Exited { Status: not 0 } exited && cases.Failed == 0)
            wrong.Insert(0, $"(the command ended with status {exited.Status})");
        var result = new SuiteResult(
            suite,
            cases.Passed,
            cases.Failed + wrong.Count,
            cases.Skipped,
            [.. wrong.Concat(cases.FailedNames).Take(SuiteCases.MostNames)],
            digest,
            (long)took.TotalMilliseconds
        );
        return (result, cases.Cases.Count == 0 ? null : new RanSuite(suite, cases.Cases));
    }

    /// <summary>Results that were committed, or left by the build, say nothing about this run.</summary>
    public static void RemoveStale(string results, string checkout)
    {
        if (Unreadable(results, checkout) is null)
            File.Delete(Path.Combine(checkout, results));
    }

    private static (SuiteCases Cases, string Digest) Read(
        string results,
        string checkout,
        string keepAs,
        List<string> wrong
    )
    {
        var none = new SuiteCases(0, 0, 0, [], []);
        if (Unreadable(results, checkout) is { } reason)
        {
            wrong.Add(reason);
            return (none, NoDigest);
        }
        Keep(Path.Combine(checkout, results), keepAs);
        using var kept = File.OpenRead(keepAs);
        var digest = OciLayout.Digest(SHA256.HashData(kept));
        kept.Position = 0;
        try
        {
            var cases = SuiteCases.Read(kept);
            if (cases.Passed + cases.Failed == 0)
                wrong.Add($"(no test case ran, says {results})");
            return (cases, digest);
        }
        catch (InvalidResultsException invalid)
        {
            wrong.Add($"({results}: {invalid.Message})");
            return (none, digest);
        }
    }

    /// <summary>For the owner alone, whoever may read the original: tests print what services know.</summary>
    private static void Keep(string results, string keepAs)
    {
        File.Delete(keepAs);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var from = File.OpenRead(results);
        using var to = new FileStream(keepAs, options);
        from.CopyTo(to);
    }

    /// <summary>The suite made this path and we may be root: no link on the way is followed.</summary>
    private static string? Unreadable(string results, string checkout)
    {
        var path = checkout;
        foreach (var segment in results.Split('/'))
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path) is { LinkTarget: not null })
                return $"({results} is behind a link)";
            if (!Path.Exists(path))
                return $"(no results were left at {results})";
        }
        var status = Libc.Status(path);
        if (status.Kind != FileKind.File)
            return $"({results} is no file)";
        return status.Length > SuiteCases.LargestFile ? $"({results} has {status.Length} bytes)" : null;
    }
}
