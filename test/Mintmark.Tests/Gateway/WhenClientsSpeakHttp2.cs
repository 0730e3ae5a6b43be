using System.Net;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsSpeakHttp2
{
    [Fact]
    public async Task ManyRequestsShareAConnectionAndEachHasItsAnswer()
    {
        await using var instance = await Instance.StartAsync(context =>
            context.Response.WriteAsync($"{context.Request.Path} {context.Request.Headers.Cookie}")
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        using var client = Client(rig);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AskAsync(client, i)));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"/{i} a={i}; b=2"), answers);
    }

    [Fact]
    public async Task BodiesPassBothWays()
    {
        await using var instance = await Instance.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        using var client = Client(rig);
        var body = new byte[5 << 20];
        new Random(1).NextBytes(body);

        using var answer = await client.PostAsync("s/bank/echo", new ByteArrayContent(body));

        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffIsNotWhole()
    {
        await using var instance = Scripted.Saying(
            $"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf{Scripted.Close}"
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(instance.Alone);
        using var client = Client(rig);

        using var answer = await client.GetAsync("s/bank/", HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
    }

    static async Task<string> AskAsync(HttpClient client, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"s/bank/{number}")
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Add("Cookie", $"a={number}");
        request.Headers.Add("Cookie", "b=2");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        return await answer.Content.ReadAsStringAsync();
    }

    static Task<Rig> StartAsync() => Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });

    static HttpClient Client(Rig rig) =>
        new(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
        {
            BaseAddress = new Uri($"http://{rig.Addresses[1]}/"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
}
