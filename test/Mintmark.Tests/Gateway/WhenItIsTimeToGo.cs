using System.Buffers;
using System.IO.Pipelines;
using Mintmark.Gateway.Succession;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>One frame of ours among the web server's, on a connection that holds what it is given.</summary>
public sealed class WhenItIsTimeToGo
{
    const string GoAway = "0000080700000000007FFFFFFF00000000";

    readonly Pipe connection = new(new PipeOptions(pauseWriterThreshold: 25, resumeWriterThreshold: 10));

    [Fact]
    public async Task ItComesBehindTheFirstFramesOfTheWebServer()
    {
        var farewell = new Farewell(connection.Writer);

        farewell.Say();
        Assert.False(connection.Reader.TryRead(out _));
        await farewell.WriteAsync(new byte[] { 1 });

        Assert.Equal("01" + GoAway, await TakeAsync());
    }

    [Fact]
    public async Task ItComesAtOnceWhereNothingIsWritten()
    {
        var farewell = new Farewell(connection.Writer);
        await farewell.WriteAsync(new byte[] { 1 });

        farewell.Say();
        farewell.Say();

        Assert.Equal("01" + GoAway, await TakeAsync());
    }

    [Fact]
    public async Task ItDoesNotComeIntoTheMiddleOfAFrame()
    {
        var farewell = new Farewell(connection.Writer);
        await farewell.WriteAsync(new byte[] { 1 });

        farewell.Write<byte>([2]);
        farewell.Say();
        farewell.Write<byte>([3]);
        await farewell.FlushAsync();

        Assert.Equal("010203" + GoAway, await TakeAsync());
    }

    [Fact]
    public async Task ItComesWhenTheClientHasTakenWhatIsUnderWay()
    {
        var farewell = new Farewell(connection.Writer);
        var flushing = farewell.WriteAsync(new byte[30]);

        farewell.Say();
        Assert.Equal(60, (await TakeAsync()).Length);
        await flushing;

        Assert.Equal(GoAway, await TakeAsync());
    }

    [Fact]
    public async Task WhatIsWrittenWhileItWaitsComesBehindIt()
    {
        var farewell = new Farewell(connection.Writer);
        await farewell.WriteAsync(new byte[10]);
        farewell.Say();

        farewell.Write<byte>([1, 2]);
        farewell.Write<byte>([3]);
        var flushing = farewell.FlushAsync();
        Assert.False(flushing.IsCompleted);
        Assert.Equal(20 + GoAway.Length, (await TakeAsync()).Length);
        await flushing;
        await farewell.WriteAsync(new byte[] { 4 });

        Assert.Equal("01020304", await TakeAsync());
    }

    [Fact]
    public async Task WhenTheWebServerHasDoneNothingComes()
    {
        var farewell = new Farewell(connection.Writer);
        await farewell.WriteAsync(new byte[] { 1 });

        farewell.End();
        farewell.Say();

        Assert.Equal("01", await TakeAsync());
    }

    /// <summary>All that is there.</summary>
    async Task<string> TakeAsync()
    {
        var read = await connection.Reader.ReadAsync();
        var bytes = Convert.ToHexString(read.Buffer.ToArray());
        connection.Reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
