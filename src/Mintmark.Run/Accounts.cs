using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// The unprivileged user of each service: a number from the range that systemd keeps for users without a name. The
/// owner of the service's data folder is the record of it; a new one starts at a hash and goes on until none has it.
/// </summary>
internal sealed class Accounts(string home, string homeId)
{
    public const int First = 61_184;
    public const int Last = 65_519;

    private readonly string folder = Path.Combine(home, "data");

    /// <summary>The service's data folder, made where it is missing.</summary>
    public string DataFolder(ServiceName service)
    {
        var path = Path.Combine(folder, service.Value);
        FolderTree.Make(folder, Kernel.IsRoot ? FolderTree.PassThrough : FolderTree.OwnerOnly);
        Directory.CreateDirectory(path, FolderTree.OwnerOnly);
        return path;
    }

    /// <returns>Null where we are not root: instances run as we do.</returns>
    public int? UserOf(ServiceName service)
    {
        var data = DataFolder(service);
        if (!Kernel.IsRoot)
            return null;
        var owner = Kernel.OwnerOf(data);
        if (owner is >= First and <= Last)
            return owner;
        var user = Free(service);
        Kernel.Own(data, user);
        return user;
    }

    private int Free(ServiceName service)
    {
        var taken = Directory.EnumerateDirectories(folder).Select(Kernel.OwnerOf).ToHashSet();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{homeId}/{service}"));
        var count = Last - First + 1;
        var start = (int)(BitConverter.ToUInt32(hash) % count);
        for (var i = 0; i < count; i++)
        {
            var user = First + ((start + i) % count);
            if (!taken.Contains(user) && !Path.Exists($"/run/systemd/dynamic-uid/{user}"))
                return user;
        }
        throw new IOException($"all {count} users for services are taken");
    }
}
