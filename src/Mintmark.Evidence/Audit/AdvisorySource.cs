using System.IO.Compression;

namespace Mintmark.Evidence;

/// <summary>Files with advisories, in the order of their names: those of a folder, or of a zip file.</summary>
internal abstract class AdvisorySource
{
    private const long LargestFile = 4L << 20;

    public required IReadOnlyList<string> Names { get; init; }

    /// <exception cref="MaterialsException">It is neither.</exception>
    public static AdvisorySource Of(string path) =>
        Directory.Exists(path)
            ? new Folder(path)
            {
                Names =
                [
                    .. Directory
                        .EnumerateFiles(path, "*.json", SearchOption.AllDirectories)
                        .Select(f => Path.GetRelativePath(path, f))
                        .Order(StringComparer.Ordinal),
                ],
            }
            : Zip.Open(path);

    /// <summary>For one thread at a time.</summary>
    public abstract Opened Open();

    internal abstract class Opened : IDisposable
    {
        private byte[] buffer = new byte[64 << 10];

        /// <summary>The content of the file of that place in <see cref="Names"/>, until the next is read.</summary>
        public abstract ReadOnlySpan<byte> Read(int index);

        public virtual void Dispose() { }

        /// <summary>What a zip file or a folder says of lengths is a claim: reading stops where it turns out
        /// larger.</summary>
        protected ReadOnlySpan<byte> ReadAll(string name, Stream stream)
        {
            var length = 0;
            int read;
            while ((read = stream.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
                if (length > LargestFile)
                    throw new MaterialsException(name, "as a whole", $"accepted: up to {LargestFile} bytes");
                if (length == buffer.Length)
                    Array.Resize(ref buffer, 2 * buffer.Length);
            }
            return buffer.AsSpan(0, length);
        }
    }

    private sealed class Folder(string path) : AdvisorySource
    {
        public override Opened Open() => new Files(path, Names);

        private sealed class Files(string path, IReadOnlyList<string> names) : Opened
        {
            public override ReadOnlySpan<byte> Read(int index)
            {
                using var file = new FileStream(
                    Path.Combine(path, names[index]),
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read,
                    bufferSize: 0
                );
                return ReadAll(names[index], file);
            }
        }
    }

    private sealed class Zip(string path, IReadOnlyList<int> places) : AdvisorySource
    {
        public static Zip Open(string path)
        {
            using var zip = Archive(path);
            var entries = zip
                .Entries.Select((entry, place) => (entry.Name, entry.FullName, place))
                .Where(e => e.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                .OrderBy(e => e.FullName, StringComparer.Ordinal)
                .ToList();
            return new Zip(path, [.. entries.Select(e => e.place)]) { Names = [.. entries.Select(e => e.FullName)] };
        }

        public override Opened Open() => new Entries(path, Archive(path), Names, places);

        private static ZipArchive Archive(string path)
        {
            try
            {
                var zip = ZipFile.OpenRead(path);
                _ = zip.Entries;
                return zip;
            }
            catch (InvalidDataException damaged)
            {
                throw Damaged(path, damaged);
            }
        }

        private static MaterialsException Damaged(string path, InvalidDataException damaged) =>
            new(Path.GetFileName(path), "as a whole", $"no zip file: {damaged.Message}");

        private sealed class Entries(
            string path,
            ZipArchive zip,
            IReadOnlyList<string> names,
            IReadOnlyList<int> places
        ) : Opened
        {
            public override ReadOnlySpan<byte> Read(int index)
            {
                try
                {
                    using var stream = zip.Entries[places[index]].Open();
                    return ReadAll(names[index], stream);
                }
                catch (InvalidDataException damaged)
                {
                    throw Damaged(path, damaged);
                }
            }

            public override void Dispose()
            {
                zip.Dispose();
                base.Dispose();
            }
        }
    }
}
