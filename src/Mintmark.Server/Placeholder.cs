namespace Mintmark.Server;

static class Placeholder { }
