namespace Mintmark.Releases;

static class Placeholder { }
