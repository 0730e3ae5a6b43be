namespace Mintmark.Route;

static class Placeholder { }
