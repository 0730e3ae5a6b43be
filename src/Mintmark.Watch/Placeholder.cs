namespace Mintmark.Watch;

static class Placeholder { }
