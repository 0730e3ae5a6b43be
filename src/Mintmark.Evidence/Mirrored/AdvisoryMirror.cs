using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>What a mirror answered makes no new snapshot; the one before stays.</summary>
public sealed class MirrorException : Exception
{
    public MirrorException(string message)
        : base(message) { }

    public MirrorException(string message, Exception inner)
        : base(message, inner) { }
}

/// <param name="LargestFile">Bytes of one zip file.</param>
/// <param name="Limit">Of fetching all of them.</param>
public sealed record MirrorLimits(long LargestFile, TimeSpan Limit)
{
    public static readonly MirrorLimits Usual = new(1L << 30, TimeSpan.FromMinutes(10));
}

/// <summary>Fetches advisories over HTTP, and takes them only as a whole that can be read.</summary>
/// <param name="http">Follows no redirect.</param>
public sealed class AdvisoryMirror(HttpClient http, FetchedFiles files, MirrorLimits limits)
{
    /// <summary>As osv.dev names them in its paths.</summary>
    private static readonly string[] Ecosystems = ["Debian", "NuGet", "PyPI", "npm"];

    /// <exception cref="MirrorException">It cannot be had, or is not what it should be.</exception>
    public async Task<FetchedList> FetchAsync(MirrorPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(limits.Limit);
        files.Prepare();
        var before = files.List();
        var fetched = new List<FetchedFile>();
        try
        {
            foreach (var address in plan.Addresses)
                fetched.AddRange(await FetchAsync(address, before, limit.Token));
            foreach (var file in fetched)
                if (AdvisorySource.Of(files.PathOf(file)).Names.Count == 0)
                    throw new MirrorException($"{MirrorPlan.Shown(new Uri(file.Address))} holds no advisory");
            var list = new FetchedList(now, fetched);
            _ = AdvisorySnapshot.Load([.. fetched.Select(files.PathOf)]);
            files.Keep(list);
            return list;
        }
        catch (Exception wrong) when (wrong is MaterialsException or IOException or HttpRequestException)
        {
            files.Clear(before);
            throw new MirrorException(wrong.Message, wrong);
        }
        catch (MirrorException)
        {
            files.Clear(before);
            throw;
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            files.Clear(before);
            throw new MirrorException($"it took longer than {limits.Limit.TotalMinutes:0.##} minutes", late);
        }
    }

    /// <summary>
    /// A folder of the OSV layout has a zip file for each ecosystem, and need not have all of them; but one that was
    /// there and is gone would take its advisories along.
    /// </summary>
    private async Task<IReadOnlyList<FetchedFile>> FetchAsync(Uri address, FetchedList? before, CancellationToken ct)
    {
        if (address.AbsolutePath.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return
            [
                await FetchOneAsync(address, before, ct)
                    ?? throw new MirrorException($"{MirrorPlan.Shown(address)} is not there (404)"),
            ];
        var fetched = new List<FetchedFile>();
        foreach (var ecosystem in Ecosystems)
        {
            var below = Below(address, ecosystem);
            if (await FetchOneAsync(below, before, ct) is { } file)
                fetched.Add(file);
            else if (before?.Files.Any(f => f.Address == below.AbsoluteUri) == true)
                throw new MirrorException(
                    $"{MirrorPlan.Shown(below)} is not there (404) and was before: where that is meant, name those "
                        + $"that are there one by one in {MirrorPlan.FileName}"
                );
        }
        return fetched.Count > 0
            ? fetched
            : throw new MirrorException(
                $"{MirrorPlan.Shown(address)} has no all.zip below any of {string.Join(", ", Ecosystems)}"
            );
    }

    private static Uri Below(Uri folder, string ecosystem) =>
        new UriBuilder(folder) { Path = $"{folder.AbsolutePath.TrimEnd('/')}/{ecosystem}/all.zip" }.Uri;

    /// <returns>Null for 404.</returns>
    private async Task<FetchedFile?> FetchOneAsync(Uri address, FetchedList? before, CancellationToken ct)
    {
        var known = before?.Files.FirstOrDefault(f => f.Address == address.AbsoluteUri);
        if (known is not null && !File.Exists(files.PathOf(known)))
            known = null;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (known?.ETag is { } tag && EntityTagHeaderValue.TryParse(tag, out var parsed))
            request.Headers.IfNoneMatch.Add(parsed);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.StatusCode == HttpStatusCode.NotModified && known is not null)
            return known;
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new MirrorException(
                $"{MirrorPlan.Shown(address)} answers {(int)answer.StatusCode}"
                    + (answer.Headers.Location is null ? "" : " and points elsewhere: name that address itself")
            );
        return await StoreAsync(address, answer, ct);
    }

    private async Task<FetchedFile> StoreAsync(Uri address, HttpResponseMessage answer, CancellationToken ct)
    {
        var aside = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)))}.new";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        await using (var file = files.Create(aside))
        await using (var content = await answer.Content.ReadAsStreamAsync(ct))
        {
            var buffer = new byte[128 << 10];
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                length += read;
                if (length > limits.LargestFile)
                    throw new MirrorException($"{MirrorPlan.Shown(address)} is larger than {limits.LargestFile} bytes");
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }
            file.Flush(flushToDisk: true);
        }
        var name = $"{Convert.ToHexStringLower(hash.GetHashAndReset())}.zip";
        File.Move(Path.Combine(files.Folder, aside), Path.Combine(files.Folder, name), overwrite: true);
        return new FetchedFile(address.AbsoluteUri, answer.Headers.ETag?.ToString(), name, length);
    }
}
