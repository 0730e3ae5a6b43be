using System.Net;

namespace Mintmark.Gateway;

/// <summary>
/// .NET's HTTP/2 keeps up to 32 KB of a request's body back until there is more: an instance would wait for what the
/// client has sent long ago. Here what is there goes on before more is waited for.
/// </summary>
sealed class Unheld(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public static readonly HttpRequestOptionsKey<Watched> Body = new("mint-body");

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        // Of nothing there is nothing to hold, and its length is not among its headers.
        var isHeld = request is { Version.Major: 2, Content.Headers.ContentLength: not 0 };
        if (isHeld && request.Options.TryGetValue(Body, out var body))
            request.Content = new Content(request.Content!, body);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Content : HttpContent
    {
        private readonly HttpContent content;
        private readonly Watched body;

        public Content(HttpContent content, Watched body)
        {
            (this.content, this.body) = (content, body);
            foreach (var (name, values) in content.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            body.GoesTo = stream;
            return content.CopyToAsync(stream, context, cancellationToken);
        }

        /// <summary>As the headers say, where they do.</summary>
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                content.Dispose();
            base.Dispose(disposing);
        }
    }
}
