using System.Net;
using System.Net.Sockets;
using System.Text;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>A control plane that starts has met it, and gets no second answer.</summary>
public sealed class WhenAGatewayEndsAsItIsAsked : IAsyncDisposable
{
    static readonly IPEndPoint Address = new(IPAddress.Loopback, 7480);

    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-ending-").FullName);
    readonly CancellationTokenSource over = new();
    readonly Socket control = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly GatewayPlace place;
    readonly GatewayClient client;
    readonly Task answering;

    /// <summary>Which of the questions it does not answer to the end, counted from 1.</summary>
    Predicate<int> isUnanswered = _ => false;
    int asked;

    public WhenAGatewayEndsAsItIsAsked()
    {
        home.Take().Dispose();
        place = GatewayPlace.Of(new ControlPlaneOptions(home, new Addresses(Address, Address)))[0];
        client = new GatewayClient(place.Socket);
        Directory.CreateDirectory(place.Folder);
        control.Bind(new UnixDomainSocketEndPoint(place.Socket));
        control.Listen();
        answering = AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await over.CancelAsync();
        await answering;
        control.Dispose();
        over.Dispose();
        Directory.Delete(home.Root, recursive: true);
    }

    [Fact]
    public async Task WhicheverIsThereThenIsMetAnew()
    {
        isUnanswered = question => question == 2;

        await Keeper().EnsureAsync(renew: false, CancellationToken.None);

        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task OneThatAlwaysDoesIsNotAskedForEver()
    {
        isUnanswered = question => question % 2 == 0;

        var failure = await Assert.ThrowsAsync<GatewayException>(() =>
            Keeper().EnsureAsync(renew: false, CancellationToken.None)
        );

        Assert.Contains("it ends once it has answered", failure.Message, StringComparison.Ordinal);
        Assert.Contains(place.Output, failure.Message, StringComparison.Ordinal);
        Assert.Equal(6, asked);
    }

    GatewayKeeper Keeper() => new(home, place, otlp: null, client, TimeProvider.System);

    /// <summary>One question for each connection. Where not a byte came .NET itself would ask again.</summary>
    async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await control.AcceptAsync(over.Token);
                await connection.ReceiveAsync(new byte[4_096], over.Token);
                var json = $$"""{"build":"one","listen":"{{Address}}"}""";
                var answer = $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {json.Length}\r\n\r\n{json}";
                if (isUnanswered(++asked))
                    answer = answer[..^1];
                await connection.SendAsync(Encoding.ASCII.GetBytes(answer), over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
