using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Build;

/// <summary>
/// Objects by their names, out of one <c>git cat-file --batch</c>. Each is hashed and held against its name, which git
/// does not do when it reads: whoever can write in the repository could have put another content in its place.
/// </summary>
internal sealed class GitObjects : IAsyncDisposable
{
    private const int Sha1Digits = 40;

    private readonly Process batch;
    private readonly BufferedStream said;
    private readonly byte[] buffer = new byte[64 * 1024];

    public GitObjects(GitProgram git)
    {
        batch = git.Start(["cat-file", "--batch"]);
        batch.BeginErrorReadLine();
        said = new BufferedStream(batch.StandardOutput.BaseStream, buffer.Length);
    }

    /// <param name="what">What it is to whoever reads why it is refused.</param>
    /// <returns>Null where the repository does not have it.</returns>
    /// <exception cref="GitException">It is not what its name says, or larger.</exception>
    public async Task<byte[]?> FindAsync(string kind, string name, string what, long most, CancellationToken ct)
    {
        if (await LengthAsync(kind, name, what, ct) is not { } length)
            return null;
        if (length > most)
            throw new GitException(GitProblem.TooLarge, $"{what} has {length} bytes; accepted: up to {most}");
        using var content = new MemoryStream((int)length);
        await CopyAsync(kind, name, what, length, content, ct);
        return content.ToArray();
    }

    /// <exception cref="GitException">It is not there, not what its name says, or larger.</exception>
    public async Task<byte[]> ReadAsync(string kind, string name, string what, long most, CancellationToken ct) =>
        await FindAsync(kind, name, what, most, ct) ?? throw Lost(name, what);

    /// <exception cref="GitException">It is not there, or not what its name says: what was copied is worthless.
    /// </exception>
    public async Task CopyAsync(string kind, string name, string what, Stream to, CancellationToken ct)
    {
        var length = await LengthAsync(kind, name, what, ct) ?? throw Lost(name, what);
        await CopyAsync(kind, name, what, length, to, ct);
    }

    public async ValueTask DisposeAsync()
    {
        batch.Kill(entireProcessTree: true);
        await batch.WaitForExitAsync(CancellationToken.None);
        await said.DisposeAsync();
        batch.Dispose();
    }

    private async Task<long?> LengthAsync(string kind, string name, string what, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(GitProgram.Limit);
        try
        {
            await batch.StandardInput.WriteAsync($"{name}\n".AsMemory(), limit.Token);
            await batch.StandardInput.FlushAsync(limit.Token);
            // "<object> <kind> <length>", or "<object> missing".
            return (await LineAsync(limit.Token)).Split(' ') switch
            {
                [var its, "missing"] when its == name => null,
                [var its, var found, var length] when its == name && found == kind => long.Parse(
                    length,
                    CultureInfo.InvariantCulture
                ),
                _ => throw Another(name, what),
            };
        }
        catch (IOException)
        {
            throw Ended(name, what);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new GitException(GitProblem.TimedOut, $"git does not come to read {what}");
        }
    }

    private async Task CopyAsync(string kind, string name, string what, long length, Stream to, CancellationToken ct)
    {
        // Which of the two is the repository's choice.
        using var hash = IncrementalHash.CreateHash(
            name.Length == Sha1Digits ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256
        );
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {length}\0")));
        while (length > 0)
        {
            var read = await said.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), ct);
            if (read == 0)
                throw Ended(name, what);
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            length -= read;
        }
        if (said.ReadByte() != '\n')
            throw Ended(name, what);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != name)
            throw Another(name, what);
    }

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await said.ReadAsync(one, ct) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }

    private static GitException Lost(string name, string what) =>
        new(GitProblem.CannotCheckOut, $"the repository has lost {what} ({name})");

    private static GitException Another(string name, string what) =>
        new(
            GitProblem.CannotCheckOut,
            $"{what} is not as committed: {name} in the repository has another content ('git fsck' names all such)"
        );

    private static GitException Ended(string name, string what) =>
        new(GitProblem.CannotCheckOut, $"{what} cannot be read: git ended at {name} ('git fsck' may say why)");
}
