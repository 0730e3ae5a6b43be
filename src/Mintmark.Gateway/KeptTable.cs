using System.Text.Json;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>
/// The table in force, on disk: a gateway that starts while there is no control plane serves by it. It says since when
/// it was in force. After the machine was started anew, or after a drain, what it names runs no more: there is none.
/// </summary>
sealed class KeptTable(GatewayFolder folder)
{
    private const string File = "table";
    private const int BootLine = 37;

    private readonly Lock writing = new();
    private long revision;

    /// <summary>
    /// On disk when this returns, and never an earlier one after a later one. Where it cannot be written there is none:
    /// a gateway must not come back with a table that a halt has overtaken.
    /// </summary>
    public void Keep(RouteTable table)
    {
        lock (writing)
        {
            if (table.Revision < revision)
                return;
            revision = table.Revision;
            try
            {
                folder.Write(File, [.. Boot(), .. RouteWire.ToJson(table)]);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                Notice.Say($"the route table cannot be kept: {full.Message}");
                Delete();
            }
        }
    }

    public void Forget()
    {
        lock (writing)
        {
            GiveWay();
            Delete();
        }
    }

    /// <summary>Where the disk does not let it go either, the new one is in force all the same.</summary>
    private void Delete()
    {
        try
        {
            folder.Delete(File);
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            Notice.Say(
                "an old route table stays on disk; a gateway that starts goes by it until it is sent one: "
                    + stuck.Message
            );
        }
    }

    /// <summary>Another gateway keeps it from now on.</summary>
    public void GiveWay()
    {
        lock (writing)
            revision = long.MaxValue;
    }

    /// <summary>What came last may be on no disk: another gateway keeps tables, and has read what was there.</summary>
    public bool HasGivenWay
    {
        get
        {
            lock (writing)
                return revision == long.MaxValue;
        }
    }

    /// <returns>Null where there is none to go by.</returns>
    public (RouteTable Table, DateTimeOffset Since)? Read()
    {
        if (folder.Read(File, BootLine + ControlApi.LargestTable) is not var (bytes, since))
            return null;
        if (!bytes.AsSpan().StartsWith(Boot()))
            return null;
        try
        {
            var table = JsonSerializer.Deserialize(bytes.AsSpan(BootLine), RouteWire.Default.RouteTable);
            TableRules.Check(table ?? throw new JsonException("a route table is an object"));
            return (table, since);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            Notice.Say($"the kept route table is not used: {wrong.Message}");
            return null;
        }
    }

    /// <summary>Names this run of the machine: 36 characters and a line feed.</summary>
    private static byte[] Boot() => System.IO.File.ReadAllBytes("/proc/sys/kernel/random/boot_id");
}
