using System.Buffers.Binary;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mintmark.Tests.Gateway;

/// <summary>A gRPC service that says back what it gets, message by message, and how to call it.</summary>
static class GrpcEcho
{
    static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);

    public static readonly Method<byte[], byte[]> Unary = new(MethodType.Unary, "bank.Echo", "Say", Bytes, Bytes);
    public static readonly Method<byte[], byte[]> Duplex = new(
        MethodType.DuplexStreaming,
        "bank.Echo",
        "Talk",
        Bytes,
        Bytes
    );

    /// <param name="trailers">As many as shall follow the messages, grpc-status among them.</param>
    public static Task<Instance> StartAsync(params (string Name, string Value)[] trailers) =>
        Instance.StartAsync(context => AnswerAsync(context, trailers), HttpProtocols.Http2);

    /// <summary>Through a gateway whose second address speaks HTTP/2.</summary>
    /// <param name="scheme">With https, that is by TLS.</param>
    public static GrpcChannel Channel(Rig rig, string scheme = "http") =>
        GrpcChannel.ForAddress(
            $"{scheme}://bank.localhost:{rig.Addresses[1].Port}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    UseProxy = false,
                    SslOptions = new()
                    {
                        RemoteCertificateValidationCallback = (_, shown, _, _) => Certified.IsOurs(shown),
                    },
                    ConnectCallback = async (_, ct) =>
                    {
                        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                        await socket.ConnectAsync(rig.Addresses[1], ct);
                        return new NetworkStream(socket, ownsSocket: true);
                    },
                },
            }
        );

    static async Task AnswerAsync(HttpContext context, (string Name, string Value)[] trailers)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.StartAsync();
        var head = new byte[5];
        while (await context.Request.Body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false) == 5)
        {
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            await context.Request.Body.ReadExactlyAsync(message);
            await context.Response.Body.WriteAsync(head);
            await context.Response.Body.WriteAsync(message);
            await context.Response.Body.FlushAsync();
        }
        foreach (var (name, value) in trailers)
            context.Response.AppendTrailer(name, value);
    }
}
