using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mintmark.Tests.Gateway;

/// <summary>A collector that takes protobuf over HTTP or gRPC, and reads as much of it as tests ask for.</summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    const string Traces = "/v1/traces";
    const string Metrics = "/v1/metrics";

    readonly ConcurrentQueue<(string Path, Protobuf Message)> got = [];
    Instance instance = null!;

    public Uri Address => new($"http://127.0.0.1:{instance.Port}");

    public IReadOnlyList<OtlpSpan> Spans =>
        [
            .. All(Traces)
                .SelectMany(m => m.All(1))
                .SelectMany(resource =>
                    resource
                        .All(2)
                        .SelectMany(scope => scope.All(2))
                        .Select(span => new OtlpSpan(
                            Convert.ToHexStringLower(span.Bytes(1)),
                            Convert.ToHexStringLower(span.Bytes(2)),
                            Convert.ToHexStringLower(span.Bytes(4)),
                            span.Text(3),
                            span.Text(5),
                            Attributes(span.All(9)),
                            Attributes(resource.All(1).Single().All(1)),
                            span.All(15).Any(status => status.Number(3) == 2)
                        ))
                ),
        ];

    /// <summary>The latest points of a metric, each with its attributes and its count or value.</summary>
    public IReadOnlyList<(string Attributes, long Value)> Points(string metric) =>
        [
            .. All(Metrics)
                .SelectMany(m => m.All(1))
                .SelectMany(resource => resource.All(2))
                .SelectMany(scope => scope.All(2))
                .Where(m => m.Text(1) == metric)
                .SelectMany(m =>
                    m.All(7)
                        .SelectMany(sum => sum.All(1))
                        .Select(p => (Attributes(p.All(7)), p.Number(6)))
                        .Concat(m.All(9).SelectMany(h => h.All(1)).Select(p => (Attributes(p.All(9)), p.Number(4))))
                )
                .GroupBy(p => p.Item1)
                .Select(g => (g.Key, g.Last().Item2))
                .OrderBy(p => p.Key, StringComparer.Ordinal),
        ];

    public static async Task<OtlpReceiver> StartAsync(HttpProtocols speaks = HttpProtocols.Http1)
    {
        var receiver = new OtlpReceiver();
        receiver.instance = await Instance.StartAsync(receiver.TakeAsync, speaks);
        return receiver;
    }

    public ValueTask DisposeAsync() => instance.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (context.Request.ContentType != "application/grpc")
        {
            got.Enqueue((context.Request.Path.Value!, new Protobuf(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
            return;
        }
        // A message of gRPC has a byte and a length before it.
        var path = context.Request.Path.Value!.Contains(".trace.", StringComparison.Ordinal) ? Traces : Metrics;
        got.Enqueue((path, new Protobuf(body.ToArray().AsSpan(5))));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    IEnumerable<Protobuf> All(string path) => got.Where(m => m.Path == path).Select(m => m.Message);

    static string Attributes(IEnumerable<Protobuf> pairs) =>
        string.Join(' ', pairs.Select(p => $"{p.Text(1)}={Value(p.All(2).Single())}").Order(StringComparer.Ordinal));

    static string Value(Protobuf any) =>
        any.Has(1) ? any.Text(1)
        : any.Has(2) ? (any.Number(2) == 1 ? "true" : "false")
        : $"{any.Number(3)}";
}

/// <param name="Attributes">Each with its value, in the order of their names.</param>
sealed record OtlpSpan(
    string Trace,
    string Id,
    string Parent,
    string State,
    string Name,
    string Attributes,
    string Resource,
    bool IsError
);

/// <summary>The wire format of protocol buffers, without knowing what a message means.</summary>
sealed class Protobuf
{
    readonly List<(int Field, long Number, byte[] Bytes)> fields = [];

    public Protobuf(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = (int)Varint(ref message);
            var (field, number, bytes) = (tag >> 3, 0L, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    number = Varint(ref message);
                    break;
                case 1:
                    number = BitConverter.ToInt64(message);
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    bytes = message[..length].ToArray();
                    message = message[length..];
                    break;
                case 5:
                    number = BitConverter.ToInt32(message);
                    message = message[4..];
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }
            fields.Add((field, number, bytes));
        }
    }

    public bool Has(int field) => fields.Exists(f => f.Field == field);

    public IEnumerable<Protobuf> All(int field) =>
        fields.Where(f => f.Field == field).Select(f => new Protobuf(f.Bytes));

    public byte[] Bytes(int field) => fields.LastOrDefault(f => f.Field == field).Bytes ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public long Number(int field) => fields.LastOrDefault(f => f.Field == field).Number;

    static long Varint(ref ReadOnlySpan<byte> from)
    {
        var (value, shift) = (0L, 0);
        while (true)
        {
            var next = from[0];
            from = from[1..];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}
