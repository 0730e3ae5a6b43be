using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Tests.Watch;

/// <summary>Answers by port, as the test says; where it says nothing, not before the test does.</summary>
internal sealed class ScriptedProbe : IInvariantProbe
{
    private readonly Dictionary<int, InvariantAnswer> _answers = [];
    private readonly List<(int Port, TaskCompletionSource<InvariantAnswer> Answer)> _open = [];

    public int Asked { get; private set; }

    public static InvariantAnswer Fine { get; } = Given(null);

    public static InvariantAnswer Given(string? broken) =>
        new InvariantAnswer.Given([new InvariantResult("postings-sum-to-zero", broken)]);

    public void Always(int port, InvariantAnswer answer) => _answers[port] = answer;

    /// <summary>Answers what was asked and is not answered yet.</summary>
    public void Answer(int port, InvariantAnswer answer)
    {
        foreach (var (_, open) in _open.Where(o => o.Port == port))
            open.TrySetResult(answer);
    }

    public Task<InvariantAnswer> AskAsync(int port, string path, Protocol protocol, CancellationToken ct)
    {
        Asked++;
        if (_answers.GetValueOrDefault(port) is { } answer)
            return Task.FromResult(answer);
        var open = new TaskCompletionSource<InvariantAnswer>();
        _open.Add((port, open));
        return open.Task;
    }
}
