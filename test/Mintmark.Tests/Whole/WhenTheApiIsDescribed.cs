using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>What <c>/openapi.json</c> says there is, is there.</summary>
public sealed class WhenTheApiIsDescribed(Machine machine) : IClassFixture<Machine>
{
    /// <summary>They need nothing to be said, and end what the others are asked of.</summary>
    private static readonly string[] Ending = ["/api/down", "/api/gateway/replace"];

    [Fact]
    public async Task EachOfItsOperationsTakesARequestAndSaysWhatItLacks()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{machine.Plane.Addresses.Api}") };
        var token = await File.ReadAllTextAsync(machine.Plane.Home.Token);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        using var described = JsonDocument.Parse(await http.GetByteArrayAsync("/openapi.json"));
        var operations = described
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (o.Name, Path: path.Name, Says: o.Value)))
            .Where(o => !Ending.Contains(o.Path))
            .ToList();

        Assert.True(operations.Count > 30, $"{operations.Count} operations");
        foreach (var (method, path, says) in operations)
        {
            Assert.NotEmpty(says.GetProperty("summary").GetString()!);
            using var request = new HttpRequestMessage(new HttpMethod(method), Filled(path));
            if (method == "post")
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode < 500, $"{method} {path}: {answer.StatusCode} {body}");
            Assert.True(answer.IsSuccessStatusCode || body.Contains("\"detail\":"), $"{method} {path}: {body}");
        }
    }

    /// <summary>With something that is not there for each of its parameters.</summary>
    private static string Filled(string path) =>
        string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "99" : part));
}
