namespace Mintmark.Run;

internal static class OutputLog
{
    public const string Name = "output.log";

    /// <summary>
    /// The last half of the cap goes to output.log.1, then the file starts anew. The instance writes with O_APPEND,
    /// so its next line lands at the new end. Lines written between copy and cut are lost: that is the price of a file
    /// that needs nobody to hold its other end while the control plane is down.
    /// </summary>
    public static void Cap(string path, long cap)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length <= cap)
            return;
        // The file is the instance's user's: it may have changed its mode.
        file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var output = new FileStream(
                path,
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete
            );
            Keep(output, path + ".1", cap / 2);
        }
        catch (IOException)
        {
            // The disk is full, which is what the cap is for, or the instance has locked the file: what cannot be kept
            // is given up, the space is not.
            File.Delete(path + ".1");
        }
        Kernel.Empty(path);
    }

    private static void Keep(FileStream output, string to, long length)
    {
        output.Seek(-Math.Min(length, output.Length), SeekOrigin.End);
        using var kept = new FileStream(
            to,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        var left = length;
        var buffer = new byte[1 << 16];
        while (left > 0 && output.Read(buffer, 0, (int)Math.Min(left, buffer.Length)) is > 0 and var read)
        {
            kept.Write(buffer, 0, read);
            left -= read;
        }
    }
}
