namespace Mintmark.Build;

static class Placeholder { }
