using System.IO.Compression;
using System.Net;
using System.Text;
using Mintmark.Evidence;
using Mintmark.Releases;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenAdvisoriesAreMirrored : IDisposable
{
    private static readonly Actor Alice = new("alice");

    private readonly string home = Directory.CreateTempSubdirectory("mintmark-mirror-").FullName;
    private readonly Story story = Story.InAJournal();
    private readonly Mirror served = new();
    private readonly HttpClient http;
    private readonly FetchedFiles files;
    private readonly AdvisoryPlace place;
    private string? told;

    public WhenAdvisoriesAreMirrored()
    {
        http = new HttpClient(served);
        files = new FetchedFiles(Path.Combine(home, "fetched"));
        place = new AdvisoryPlace(Path.Combine(home, "advisories"), Path.Combine(home, "vex"), files);
    }

    private string Plan => Path.Combine(home, MirrorPlan.FileName);

    public void Dispose()
    {
        story.Dispose();
        http.Dispose();
        served.Dispose();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task WhatIsFetchedIsInForceAndItsDigestInTheLog()
    {
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip?key=secret\n");
        served.Serve("/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();

        var snapshot = await mirror.FetchAsync(Alice, CancellationToken.None);

        Assert.Equal(1, snapshot.Advisories);
        Assert.Single(place.Audit(["pkg:npm/ws@8.18.0"], story.Now)!.Open);
        var logged = Assert.Single(Logged());
        Assert.Equal(snapshot.Digest, logged.Digest);
        Assert.Equal(["https://mirror.example/npm/all.zip"], logged.From);
        Assert.Equal(Alice, story.Journal!.State.Advisories!.By);
        Assert.All(
            Directory.GetFiles(files.Folder),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    public async Task WhatHasNotChangedIsNeitherSentNorLoggedAgain()
    {
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\n");
        served.Serve("/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();
        await mirror.FetchAsync(Alice, CancellationToken.None);
        await mirror.FetchAsync(Alice, CancellationToken.None);

        Assert.Equal([200, 304], served.Answers);
        Assert.Single(Logged());
    }

    [Fact]
    public async Task AFolderOfTheOsvLayoutNeedNotHaveEveryEcosystem()
    {
        File.WriteAllText(Plan, "https://mirror.example/osv/\n");
        served.Serve("/osv/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();

        await mirror.FetchAsync(Alice, CancellationToken.None);

        Assert.Equal([404, 404, 404, 200], served.Answers);
    }

    [Fact]
    public async Task AnEcosystemThatIsGoneFromTheMirrorLeavesTheSnapshotBefore()
    {
        File.WriteAllText(Plan, "https://mirror.example/osv/\n");
        served.Serve("/osv/PyPI/all.zip", Zip("""{"id":"B","modified":"2025-01-01T00:00:00Z"}"""));
        served.Serve("/osv/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();
        var before = await mirror.FetchAsync(Alice, CancellationToken.None);
        served.Serve("/osv/npm/all.zip", null);

        var failure = await Assert.ThrowsAsync<MirrorException>(() => mirror.FetchAsync(Alice, default));

        Assert.StartsWith(
            "https://mirror.example/osv/npm/all.zip is not there (404) and was",
            failure.Message,
            default
        );
        Assert.Equal(before.Digest, place.Snapshot()!.Digest);
        Assert.Single(place.Audit(["pkg:npm/ws@8.18.0"], story.Now)!.Open);
        Assert.Single(Logged());
    }

    [Fact]
    public async Task WhatCannotBeHadOrReadLeavesTheSnapshotBefore()
    {
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\n");
        served.Serve("/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();
        var before = await mirror.FetchAsync(Alice, CancellationToken.None);
        story.After(2 * 3600);
        foreach (
            var (served, said) in (IEnumerable<(byte[]?, string)>)
                [
                    (null, "https://mirror.example/npm/all.zip is not there (404)"),
                    (Encoding.UTF8.GetBytes("no zip"), "no zip file"),
                    (Zip("{"), "a.json, line 1: it is no JSON"),
                    (Empty(), "https://mirror.example/npm/all.zip holds no advisory"),
                    (new byte[2 << 20], "is larger than 1048576 bytes"),
                ]
        )
        {
            this.served.Serve("/npm/all.zip", served);

            var failure = await Assert.ThrowsAsync<MirrorException>(() => mirror.FetchAsync(Alice, default));

            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
            Assert.EndsWith("those in force are 2 hours old", told, StringComparison.Ordinal);
            Assert.Equal(before.Digest, place.Snapshot()!.Digest);
            Assert.Equal(2, Directory.GetFiles(files.Folder).Length);
        }
        Assert.Single(Logged());
    }

    [Fact]
    public async Task ARedirectIsNotFollowed()
    {
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\n");
        served.Redirect = new Uri("http://elsewhere.example/");
        using var mirror = Reconciler();

        var failure = await Assert.ThrowsAsync<MirrorException>(() => mirror.FetchAsync(Alice, default));

        Assert.EndsWith("answers 302 and points elsewhere: name that address itself", failure.Message, default);
    }

    [Fact]
    public async Task UnaskedNothingIsFetchedBeforeItIsDue()
    {
        served.Serve("/npm/all.zip", Zip(Advisories.Ws));
        using var mirror = Reconciler();
        await mirror.ReconcileAsync(default);
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\n");
        await mirror.ReconcileAsync(default);
        Assert.Empty(served.Answers);

        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\nevery 6h\n");
        await mirror.ReconcileAsync(default);
        await mirror.ReconcileAsync(default);
        Assert.Equal([200], served.Answers);
        story.After(6 * 3600);
        await mirror.ReconcileAsync(default);
        Assert.Equal([200, 304], served.Answers);
        Assert.Equal(new Actor("mintmark/advisories"), story.Journal!.State.Advisories!.By);
    }

    [Fact]
    public async Task AFailureIsNotTriedAgainAtOnceAndItsNoticeEndsWithTheNextSuccess()
    {
        File.WriteAllText(Plan, "https://mirror.example/npm/all.zip\nevery 6h\n");
        using var mirror = Reconciler();
        await mirror.ReconcileAsync(default);
        await mirror.ReconcileAsync(default);
        Assert.Equal([404], served.Answers);
        Assert.EndsWith("none were fetched before", told, StringComparison.Ordinal);

        served.Serve("/npm/all.zip", Zip(Advisories.Ws));
        story.After(16 * 60);
        await mirror.ReconcileAsync(default);

        Assert.Equal([404, 200], served.Answers);
        Assert.Null(told);
    }

    [Theory]
    [InlineData("http://mirror.example/a.zip", 1)]
    [InlineData("# x\nhttps://u:p@mirror.example/a.zip", 2)]
    [InlineData("https://mirror.example/a.zip\nfile:///etc/passwd", 2)]
    [InlineData("https://mirror.example/a.zip\nevery 1m", 2)]
    [InlineData("every 1h\nmirror.example", 2)]
    public void APlanThatMakesNoSenseIsNamedWithItsLine(string text, int line) =>
        Assert.StartsWith(
            $"advisories.url, line {line}: accepted: ",
            Assert.Throws<MaterialsException>(() => MirrorPlan.Parse(Encoding.UTF8.GetBytes(text))).Message,
            StringComparison.Ordinal
        );

    private MirrorReconciler Reconciler() =>
        new(
            story.Journal!,
            new AdvisoryMirror(http, files, new MirrorLimits(1 << 20, TimeSpan.FromMinutes(1))),
            files,
            place,
            Plan,
            story.Clock,
            what => told = what
        );

    private IEnumerable<Event.AdvisoriesFetched> Logged() =>
        story.Journal!.Read(0).Select(e => e.Entry.Event).OfType<Event.AdvisoriesFetched>();

    private static byte[] Empty()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
            zip.CreateEntry("README.md");
        return bytes.ToArray();
    }

    private static byte[] Zip(string advisory)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("a.json").Open())
            entry.Write(Encoding.UTF8.GetBytes(advisory));
        return bytes.ToArray();
    }

    /// <summary>Answers as a static file server does, with an entity tag.</summary>
    private sealed class Mirror : HttpMessageHandler
    {
        private readonly Dictionary<string, (byte[] Content, string Tag)> files = [];
        private int tags;

        public List<int> Answers { get; } = [];

        public Uri? Redirect { get; set; }

        public void Serve(string path, byte[]? content)
        {
            if (content is null)
                files.Remove(path);
            else
                files[path] = (content, $"\"{++tags}\"");
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            var answer = Answer(request);
            Answers.Add((int)answer.StatusCode);
            return Task.FromResult(answer);
        }

        private HttpResponseMessage Answer(HttpRequestMessage request)
        {
            if (Redirect is not null)
                return new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = Redirect } };
            if (!files.TryGetValue(request.RequestUri!.AbsolutePath, out var file))
                return new HttpResponseMessage(HttpStatusCode.NotFound);
            if (request.Headers.IfNoneMatch.Any(t => t.Tag == file.Tag))
                return new HttpResponseMessage(HttpStatusCode.NotModified);
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(file.Content) };
            answer.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue(file.Tag);
            return answer;
        }
    }
}
