namespace Mintmark.Log;

static class Placeholder { }
