namespace Mintmark.Run;

static class Placeholder { }
