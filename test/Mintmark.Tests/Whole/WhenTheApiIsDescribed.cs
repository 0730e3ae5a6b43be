using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>What <c>/openapi.json</c> says there is, is there.</summary>
public sealed class WhenTheApiIsDescribed(Machine machine) : IClassFixture<Machine>, IAsyncLifetime
{
    /// <summary>They need nothing to be said, and end what the others are asked of.</summary>
    private static readonly string[] Ending = ["/api/down", "/api/gateway/replace"];

    /// <summary>Of the right kind or not, in place of each thing that a request can say.</summary>
    private static readonly string[] Odd =
    [
        "null",
        "-1",
        "1.5",
        "1e400",
        "true",
        "\"\"",
        "\"bank\"",
        "\"bank-1\"",
        "\"rel-1\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\u202e\"",
        "\"../../etc\"",
        "{}",
        "[]",
        "[null]",
        "[\"x\", 1]",
    ];

    private static readonly Dictionary<string, string> Usual = new()
    {
        ["by"] = "\"alice\"",
        ["case"] = "\"x\"",
        ["emergency"] = "false",
        ["mark"] = "\"bank-1\"",
        ["name"] = "\"ann\"",
        ["newToken"] = "false",
        ["reason"] = "\"because\"",
        ["release"] = "\"rel-1\"",
        ["repository"] = "\"/\"",
        ["roles"] = "[\"engineer\"]",
        ["service"] = "\"bank\"",
    };

    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://{machine.Plane.Addresses.Api}") };

    public async ValueTask InitializeAsync()
    {
        var token = await File.ReadAllTextAsync(machine.Plane.Home.Token);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
    }

    [Fact]
    public async Task EachOfItsOperationsTakesARequestAndSaysWhatItLacks()
    {
        var operations = Operations(await DescriptionAsync());

        Assert.True(operations.Count > 30, $"{operations.Count} operations");
        foreach (var (method, path, says) in operations)
        {
            Assert.NotEmpty(says.GetProperty("summary").GetString()!);
            await AskAsync(method, path, "{}");
        }
    }

    [Fact]
    public async Task WhateverARequestSaysItIsRefusedWithAReason()
    {
        var description = await DescriptionAsync();
        foreach (var (method, path, says) in Operations(description).Where(o => o.Method == "post"))
        {
            var fields = Fields(description, says).ToList();
            foreach (var field in fields)
            {
                var others = fields.Where(f => f != field).Select(f => $"\"{f}\":{Usual.GetValueOrDefault(f, "null")}");
                foreach (var odd in Odd)
                    await AskAsync(method, path, $"{{{string.Join(',', [$"\"{field}\":{odd}", .. others])}}}");
            }
        }
        Assert.Equal(0, (await Machine.RunAsync("/", "log", "verify", "--home", machine.Plane.Home.Root)).Exit);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonElement> DescriptionAsync() =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetByteArrayAsync("/openapi.json"));

    private static List<(string Method, string Path, JsonElement Says)> Operations(JsonElement description) =>
        [
            .. description
                .GetProperty("paths")
                .EnumerateObject()
                .Where(path => !Ending.Contains(path.Name))
                .SelectMany(path => path.Value.EnumerateObject().Select(o => (o.Name, path.Name, o.Value))),
        ];

    private static IEnumerable<string> Fields(JsonElement description, JsonElement operation)
    {
        var named = operation
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema")
            .GetProperty("$ref")
            .GetString()!;
        var schema = named.Split('/').Skip(1).Aggregate(description, (at, name) => at.GetProperty(name));
        return schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
    }

    private async Task AskAsync(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Filled(path));
        if (method == "post")
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        // Nobody has said where advisories are.
        var most = path == "/api/advisories/fetch" ? HttpStatusCode.BadGateway : HttpStatusCode.Conflict;
        Assert.True(answer.StatusCode <= most, $"{method} {path} {body}: {answer.StatusCode} {said}");
        Assert.True(answer.IsSuccessStatusCode || said.Contains("\"detail\":"), $"{method} {path} {body}: {said}");
    }

    /// <summary>With something that is not there for each of its parameters.</summary>
    private static string Filled(string path) =>
        string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "99" : part));
}
