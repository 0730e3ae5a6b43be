using Mintmark.Server;

namespace Mintmark.Cli;

internal static class RotateKeyCommand
{
    public static Verb Create(Frame frame)
    {
        var rotate = new Verb(
            "rotate-key",
            "Give the log another key; the present one says so in the log with its last signature.",
            "mint log rotate-key --reason \"yearly\""
        );
        var person = new Person();
        person.AddTo(rotate);
        rotate.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                var request = new RotateKeyRequest(person.Reason(given)!, person.By(given, session));
                var rotated = await api.PostAsync<RotateKeyRequest, KeyRotated>("/api/log/rotate-key", request, ct);
                session.Print(rotated, Page);
                return Exit.Done;
            }
        );
        return rotate;
    }

    private static Page Page(KeyRotated rotated)
    {
        var page = new Page().Line($"from entry {rotated.Entry + 1} on another key signs the log");
        foreach (var key in rotated.Key.Split('\n'))
            page.Field("key", key);
        if (rotated.Standbys is { } standbys)
            page.Field("standbys", standbys);
        return page;
    }
}
