using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mintmark.Tests.Cli;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>The real program and its API, as persons with tokens of their own use them.</summary>
public sealed class WhenPersonsHaveTokens(Machine machine) : IClassFixture<Machine>
{
    private const string Why = "--reason=because";

    [Fact]
    public async Task ATokenIsWrittenForItsOwnerAloneAndTheLogHasItsDigest()
    {
        var file = await AddAsync("ann", "engineer,auditor", "--address=ann@example.com");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var token = (await File.ReadAllTextAsync(file)).Trim();
        Assert.Matches("^mintmark-person-[0-9a-f]{64}$", token);
        var export = Path.Combine(machine.Folder, "export-ann");
        Assert.Equal(0, (await SayAsync("log", "export", export)).Exit);
        foreach (var path in Directory.EnumerateFiles(export, "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(path);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain("ann@example.com", text, StringComparison.Ordinal);
        }
        Assert.Contains("ann", (await SayAsync("person", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RolesHoldAtTheApi()
    {
        var auditor = await AddAsync("aude", "auditor");

        var refused = await SayAsync("halt", "--all", Why, "--token-file", auditor);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("role-needed", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await SayAsync("status", "--token-file", auditor)).Exit);

        var (status, problem) = await PostAsync(auditor, "/api/freeze", new { reason = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("role-needed", problem.GetProperty("rule").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(auditor, "/api/down", new { })).Status);
    }

    [Fact]
    public async Task RolesAreAskedForBeforeGitAndTheLogKeepsWhatWasRefused()
    {
        var auditor = await AddAsync("gus", "auditor");
        // With what would be refused as bad input, or for want of a mirror, once somebody looked at it.
        string? commit = null;
        (string Path, object Body)[] wishes =
        [
            (
                "/api/ship",
                new
                {
                    repository = "/nowhere",
                    commit,
                    reason = "x",
                }
            ),
            (
                "/api/ship",
                new
                {
                    repository = "/nowhere",
                    commit,
                    reason = "x",
                    emergency = true,
                }
            ),
            (
                "/api/review",
                new
                {
                    release = commit,
                    repository = "/nowhere",
                    commit = "main",
                    reason = "x",
                }
            ),
            ("/api/advisories/fetch", new { by = commit }),
        ];
        foreach (var (path, body) in wishes)
        {
            var (status, problem) = await PostAsync(auditor, path, body);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Equal("role-needed", problem.GetProperty("rule").GetString());
        }

        var export = Path.Combine(machine.Folder, "export-gus");
        Assert.Equal(0, (await SayAsync("log", "export", export)).Exit);
        var logged = string.Concat(
            Directory.EnumerateFiles(export, "*", SearchOption.AllDirectories).Order().Select(File.ReadAllText)
        );
        Assert.Equal(wishes.Length, logged.Split("\"by\":\"gus\"").Length - 1);
    }

    [Fact]
    public async Task NobodySpeaksForAnother()
    {
        var file = await AddAsync("dora", "duty-officer");

        var asAnother = await PostAsync(file, "/api/freeze", new { reason = "x", by = "ann" });
        Assert.Equal(HttpStatusCode.Forbidden, asAnother.Status);
        var asPerson = await PostAsync(machine.Plane.Home.Token, "/api/freeze", new { reason = "x", by = "dora" });
        Assert.Equal(HttpStatusCode.Forbidden, asPerson.Status);
        Assert.Contains("dora has a token", asPerson.Problem.GetProperty("detail").GetString());

        Assert.Equal(0, (await SayAsync("freeze", "--all", Why, "--token-file", file)).Exit);
        Assert.Contains("by dora", (await SayAsync("status")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await SayAsync("thaw", "--all", Why, "--token-file", file)).Exit);
    }

    [Fact]
    public async Task ARemovedPersonAndAnOldTokenAreWorthNothingAtOnce()
    {
        var file = await AddAsync("rex", "engineer");
        Assert.Equal(0, (await SayAsync("status", "--token-file", file)).Exit);

        var newer = Path.Combine(machine.Folder, "rex-2.token");
        var changed = await SayAsync("person", "change", "rex", "--new-token", "--token-file", newer, Why);
        Assert.True(changed.Exit == 0, $"{changed}");
        Assert.Equal(2, (await SayAsync("status", "--token-file", file)).Exit);
        Assert.Equal(0, (await SayAsync("status", "--token-file", newer)).Exit);

        Assert.Equal(0, (await SayAsync("person", "remove", "rex", Why)).Exit);
        Assert.Equal(2, (await SayAsync("status", "--token-file", newer)).Exit);
    }

    [Fact]
    public async Task AFileThatOthersCanReadIsRefused()
    {
        var file = Path.Combine(machine.Folder, "open.token");
        await File.WriteAllTextAsync(file, "mintmark-person-00");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = await SayAsync("status", "--token-file", file);

        Assert.Equal(2, refused.Exit);
        Assert.Contains("chmod 600", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoShippedIsThePersonAndItsAuthorDoesNotReviewIt()
    {
        using var service = new Quotes("reviewed");
        service.Commit("one");
        var engineer = await AddAsync("eve", "engineer", "--address=Alice@Example.com");
        var other = await AddAsync("otto", "engineer");

        var shipped = await machine.MintAsync(service.Folder, "ship", "--token-file", engineer);
        Assert.True(shipped.Exit == 0, $"{shipped}");
        var trace = await machine.MintAsync(service.Folder, "trace", "reviewed-1");
        Assert.Contains("shipped by eve", trace.Out, StringComparison.Ordinal);

        var own = await machine.MintAsync(service.Folder, "review", Why, "--token-file", engineer);
        Assert.Equal(1, own.Exit);
        Assert.Contains("own-commit", own.Error, StringComparison.Ordinal);
        var others = await machine.MintAsync(service.Folder, "review", "reviewed", Why, "--token-file", other);
        Assert.Equal(2, others.Exit);
        others = await machine.MintAsync(service.Folder, "review", Why, "--token-file", other);
        Assert.True(others.Exit == 0, $"{others}");
        Assert.Contains("is reviewed by otto", others.Out, StringComparison.Ordinal);
    }

    private async Task<string> AddAsync(string name, string roles, params string[] more)
    {
        var file = Path.Combine(machine.Folder, $"{name}.token");
        var said = await SayAsync(["person", "add", name, "--role", roles, "--token-file", file, Why, .. more]);
        Assert.True(said.Exit == 0, $"{said}");
        return file;
    }

    private Task<Said> SayAsync(params string[] arguments) => machine.MintAsync(machine.Folder, arguments);

    private async Task<(HttpStatusCode Status, JsonElement Problem)> PostAsync(string file, string path, object body)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{machine.Plane.Addresses.Api}") };
        var token = (await File.ReadAllTextAsync(file)).Trim();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.PostAsJsonAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
