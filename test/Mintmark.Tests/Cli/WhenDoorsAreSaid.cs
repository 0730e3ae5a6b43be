using System.CommandLine;
using Mintmark.Cli;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>What <c>mint up</c> says of a gateway that may run already.</summary>
public sealed class WhenDoorsAreSaid
{
    [Fact]
    public void WhatAGatewayDoesByItselfIsSaidToItWhereSomebodySaysIt()
    {
        var doors = Of("--client-header loopback");

        Assert.Equal(["--client-header", "loopback"], doors.Arguments());
        Assert.Equal(Of(""), doors.InForce);
    }

    [Fact]
    public void SoIsThatCertificatesAreOptional()
    {
        const string tls = "--gateway-tls 127.0.0.1:7443 --certificate /a.pem --client-ca /b.pem";

        var doors = Of($"{tls} --client-certificates optional");

        Assert.Equal("optional", doors.ClientCertificates);
        Assert.Equal(Of(tls), doors.InForce);
    }

    static GatewayDoors Of(string said)
    {
        var doors = new DoorOptions();
        var up = new Command("up")
        {
            doors.Tls,
            doors.Certificate,
            doors.Key,
            doors.ClientCa,
            doors.ClientCertificates,
            doors.ClientHeader,
            doors.ClientLimits,
            doors.H2c,
        };
        return doors.Of(up.Parse(said), gateways: 1).Single();
    }
}
