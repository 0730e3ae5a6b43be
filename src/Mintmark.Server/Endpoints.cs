using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Mintmark.Server;

/// <summary>
/// Maps handlers as the framework does, but makes what binds a request to a handler's parameters at its first request:
/// the framework makes those of all handlers before it answers anything, which doubled the time of a start.
/// </summary>
internal static class Endpoints
{
    private static readonly object IsUrgent = new();

    public static RouteHandlerBuilder OnGet(this IEndpointRouteBuilder routes, string path, Delegate handler) =>
        On(routes, HttpMethods.Get, path, handler);

    public static RouteHandlerBuilder OnPost(this IEndpointRouteBuilder routes, string path, Delegate handler) =>
        On(routes, HttpMethods.Post, path, handler);

    /// <summary>Nobody who needs it in an emergency is the first: it is bound beforehand.</summary>
    public static RouteHandlerBuilder Urgent(this RouteHandlerBuilder route) => route.WithMetadata(IsUrgent);

    /// <summary>Binds what is urgent.</summary>
    public static void Prepare(EndpointDataSource routes)
    {
        foreach (var endpoint in routes.Endpoints)
        {
            if (endpoint.Metadata.Contains(IsUrgent))
                _ = endpoint.Metadata.GetRequiredMetadata<Lazy<RequestDelegate>>().Value;
        }
    }

    private static RouteHandlerBuilder On(IEndpointRouteBuilder routes, string method, string path, Delegate handler)
    {
        var options = new RequestDelegateFactoryOptions
        {
            ServiceProvider = routes.ServiceProvider,
            RouteParameterNames = RoutePatternFactory.Parse(path).Parameters.Select(p => p.Name),
            // A body that cannot be read says which part of it, as every other refusal does.
            ThrowOnBadRequest = true,
            DisableInferBodyFromParameters = method == HttpMethods.Get,
        };
        var bound = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options).RequestDelegate);
        var route = routes.MapMethods(path, [method], context => bound.Value(context));
        route.Add(endpoint =>
        {
            endpoint.Metadata.Add(bound);
            // What the description of the API is made from.
            endpoint.Metadata.Add(handler.Method);
            RequestDelegateFactory.InferMetadata(
                handler.Method,
                new RequestDelegateFactoryOptions
                {
                    ServiceProvider = options.ServiceProvider,
                    RouteParameterNames = options.RouteParameterNames,
                    DisableInferBodyFromParameters = options.DisableInferBodyFromParameters,
                    EndpointBuilder = endpoint,
                }
            );
        });
        return new RouteHandlerBuilder([route]);
    }
}
