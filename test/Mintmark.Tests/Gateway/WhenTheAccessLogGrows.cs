using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Mintmark.Gateway;
using Mintmark.Gateway.Lines;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenTheAccessLogGrows : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-lines-").FullName;

    string Current => Path.Combine(folder, "access.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void FilesAreBoundedInSizeAndNumber()
    {
        using (var files = new LineFiles(folder, longest: 10, most: 3))
        {
            for (var i = 0; i < 9; i++)
                files.Append([(byte)('0' + i), (byte)'a', (byte)'b', (byte)'\n']);
        }

        Assert.Equal("8ab\n", File.ReadAllText(Current));
        Assert.Equal("6ab\n7ab\n", File.ReadAllText(Path.Combine(folder, "access.1.jsonl")));
        Assert.Equal("4ab\n5ab\n", File.ReadAllText(Path.Combine(folder, "access.2.jsonl")));
        Assert.Equal(3, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void TheNextGatewayGoesOnAfterTheLastWholeLine()
    {
        File.WriteAllText(Current, "{\"at\":1}\n{\"at\":");

        using (var files = new LineFiles(folder))
            files.Append("{\"at\":2}\n"u8);

        Assert.Equal("{\"at\":1}\n{\"at\":2}\n", File.ReadAllText(Current));
    }

    [Fact]
    public void AFileThatWasTakenAwayIsBegunAnew()
    {
        using (var files = new LineFiles(folder))
        {
            files.Append("1\n"u8);
            File.Move(Current, Current + ".away");
            files.Append("2\n"u8);
        }

        Assert.Equal("2\n", File.ReadAllText(Current));
    }

    [Fact]
    public void SoIsOneThatAnotherTookThePlaceOf()
    {
        using (var files = new LineFiles(folder))
        {
            files.Append("1\n"u8);
            File.Move(Current, Current + ".away");
            File.WriteAllText(Current, "another\n");
            files.Append("2\n"u8);
        }

        Assert.Equal("1\n", File.ReadAllText(Current + ".away"));
        Assert.Equal("another\n2\n", File.ReadAllText(Current));
    }

    [Fact]
    public void OneThatWasEmptiedGoesOnFromItsBeginning()
    {
        using (var files = new LineFiles(folder))
        {
            files.Append("1\n2\n"u8);
            using (var emptied = Process.Start("truncate", ["--size=0", Current]))
                emptied.WaitForExit();
            files.Append("3\n"u8);
        }

        Assert.Equal("3\n", File.ReadAllText(Current));
    }

    [Fact]
    public void AFolderThatWasDeletedIsMadeAnew()
    {
        var deleted = Path.Combine(folder, "access");
        using (var files = new LineFiles(deleted))
        {
            files.Append("1\n"u8);
            Directory.Delete(deleted, recursive: true);
            files.Append("2\n"u8);
        }

        Assert.Equal("2\n", File.ReadAllText(Path.Combine(deleted, "access.jsonl")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(deleted)
        );
    }

    [Fact]
    public async Task WhatTheDiskDoesNotTakeIsCountedAndSaidWhenItDoesAgain()
    {
        // A file where the folder should be: no write goes through.
        var away = Path.Combine(folder, "log");
        await File.WriteAllTextAsync(away, "");
        var log = new AccessLog(new LineFiles(away), TimeProvider.System);
        for (var i = 0; i < 5; i++)
            log.Add(Sample("/lost"));
        Assert.True(SpinWait.SpinUntil(() => log.Lost == 5, Rig.Late));

        File.Delete(away);
        Directory.CreateDirectory(away);
        Assert.True(SpinWait.SpinUntil(() => log.Lost == 0, Rig.Late));
        log.Add(Sample("/kept"));
        await log.DisposeAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(away, "access.jsonl"));
        Assert.Equal(2, lines.Length);
        Assert.Equal(5, JsonDocument.Parse(lines[0]).RootElement.GetProperty("lost").GetInt32());
        Assert.Contains("/kept", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereTheNextOneDiesTheFilesAreTakenBack()
    {
        var log = new AccessLog(new LineFiles(folder), TimeProvider.System);
        log.Add(Sample("/before"));
        await log.GiveWayAsync();
        log.Add(Sample("/meanwhile"));
        log.TakeBack();
        log.Add(Sample("/after"));
        await log.DisposeAsync();

        var lines = await File.ReadAllTextAsync(Current);
        Assert.All(["/before", "/meanwhile", "/after"], p => Assert.Contains(p, lines, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManyWritersLoseNothingThatFits()
    {
        const int each = 2_000;
        var log = new AccessLog(new LineFiles(folder), TimeProvider.System);
        var writers = Enumerable
            .Range(0, 4)
            .Select(w =>
                Task.Run(() =>
                {
                    for (var i = 0; i < each; i++)
                        log.Add(Sample($"/{w}/{i}"));
                })
            );
        await Task.WhenAll(writers);
        await log.DisposeAsync();

        var lines = (await File.ReadAllLinesAsync(Current)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var lost = lines.Where(l => l.TryGetProperty("lost", out _)).Sum(l => l.GetProperty("lost").GetInt64());
        var paths = lines
            .Where(l => l.TryGetProperty("path", out _))
            .Select(l => l.GetProperty("path").GetString())
            .ToList();
        Assert.Equal(4 * each, paths.Count + lost);
        Assert.Equal(paths.Count, paths.Distinct().Count());
    }

    [Fact]
    public async Task AddingALineAllocatesNothing()
    {
        var log = new AccessLog(new LineFiles(folder), TimeProvider.System);
        var line = Sample("/accounts/7");
        log.Add(line);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
            log.Add(line);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        await log.DisposeAsync();

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void AFolderThatCannotBeUsedIsSaidAtTheStart()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<CannotStartException>(() => new LineFiles(file).Prepare());

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoGatewaysDoNotShareAFolder()
    {
        using var one = new LineFiles(folder);
        using var other = new LineFiles(folder);
        one.Prepare();

        Assert.Throws<CannotStartException>(other.Prepare);
    }

    static AccessLine Sample(string path) =>
        new(
            new DateTime(2026, 11, 24, 1, 2, 3, DateTimeKind.Utc),
            IPAddress.Loopback,
            "bank-17.40.mi3k2p1x.1f",
            "bank-17",
            "bank",
            0x0123_4567_89ab_cdef,
            "GET",
            path,
            200,
            0,
            1_024,
            812,
            1_034,
            "answered",
            null
        );
}
