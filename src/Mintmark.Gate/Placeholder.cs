namespace Mintmark.Gate;

static class Placeholder { }
