using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// nginx as the two versions that answer, and nginx and HAProxy as they are set up to split by a cookie: two workers
/// or threads, keep-alive on both sides, no log, no temporary files.
/// </summary>
internal sealed class Peers : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
    private readonly List<Process> processes = [];
    private readonly int nginxTls = FreePort();
    private readonly int haproxyTls = FreePort();

    public int OldPort { get; } = FreePort();

    public int FreshPort { get; } = FreePort();

    /// <summary>nginx first: it is the measure.</summary>
    public IReadOnlyList<Server> Proxies { get; private set; } = [];

    /// <summary>The same processes, by TLS.</summary>
    public IReadOnlyList<Server> SecureProxies =>
        [Proxies[0] with { Port = nginxTls, IsSecure = true }, Proxies[1] with { Port = haproxyTls, IsSecure = true }];

    public string Certificate => Path.Combine(folder, "certificate.pem");

    public string Key => Path.Combine(folder, "key.pem");

    /// <exception cref="CannotMeasureException">A program is not there.</exception>
    public static async Task<Peers> StartAsync(int smallBytes, int largeBytes)
    {
        string[] needed = ["nginx", "haproxy", "wrk"];
        if (needed.Where(name => Find(name) is null).ToList() is { Count: > 0 } missing)
            throw new CannotMeasureException(
                $"{string.Join(", ", missing)} missing: apt-get install nginx-light haproxy wrk"
            );
        var peers = new Peers();
        await File.WriteAllTextAsync(Path.Combine(peers.folder, "small"), new string('x', smallBytes));
        await File.WriteAllTextAsync(Path.Combine(peers.folder, "large"), new string('x', largeBytes));
        var both = await SelfSigned.WriteAsync(peers.Certificate, peers.Key);
        await File.WriteAllTextAsync(Path.Combine(peers.folder, "both.pem"), both);
        await peers.StartNginxAsync("versions", peers.Versions(), peers.OldPort);
        var (nginx, haproxy) = (FreePort(), FreePort());
        peers.Proxies =
        [
            new("nginx", nginx, await peers.StartNginxAsync("split", peers.NginxSplit(nginx), nginx)),
            new("HAProxy", haproxy, await peers.StartHaproxyAsync(haproxy)),
        ];
        return peers;
    }

    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin"
            .Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    private string Versions() =>
        $$"""
            server {
                listen 127.0.0.1:{{OldPort}};
                listen 127.0.0.1:{{FreshPort}};
                root {{folder}};
                open_file_cache max=8;
                # A file's answer also to what is posted.
                error_page 405 =200 $uri;
            }
            """;

    private string NginxSplit(int port) =>
        $$"""
            split_clients "$cookie_split" $version { 10% fresh; * old; }
            upstream old { server 127.0.0.1:{{OldPort}}; keepalive 128; keepalive_requests 1000000000; }
            upstream fresh { server 127.0.0.1:{{FreshPort}}; keepalive 128; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:{{port}};
                listen 127.0.0.1:{{nginxTls}} ssl;
                ssl_certificate {{Certificate}};
                ssl_certificate_key {{Key}};
                ssl_protocols TLSv1.2 TLSv1.3;
                location / {
                    proxy_pass http://$version;
                    proxy_http_version 1.1;
                    proxy_max_temp_file_size 0;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto $scheme;
                }
            }
            """;

    private string HaproxySplit(int port) =>
        $$"""
            global
                nbthread 2
                maxconn 8000
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
                option forwardfor
                http-reuse always
            frontend split
                bind 127.0.0.1:{{port}}
                bind 127.0.0.1:{{haproxyTls}} ssl crt {{folder}}/both.pem
                use_backend fresh if { req.cook(split),djb2(1),mod(100) -m int lt 10 }
                default_backend old
            backend old
                server old 127.0.0.1:{{OldPort}}
            backend fresh
                server fresh 127.0.0.1:{{FreshPort}}

            """;

    private async Task<int> StartNginxAsync(string name, string servers, int port)
    {
        var prefix = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var file = Path.Combine(prefix, "nginx.conf");
        var places = string.Concat(
            new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(t => $"{t}_temp_path {prefix}/{t};\n")
        );
        await File.WriteAllTextAsync(
            file,
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes 2;
            daemon off;
            pid {{prefix}}/pid;
            error_log {{prefix}}/error.log crit;
            events { worker_connections 4096; }
            http {
            access_log off;
            sendfile on;
            tcp_nodelay on;
            keepalive_requests 1000000000;
            {{places}}
            {{servers}}
            }

            """
        );
        return await StartAsync("nginx", port, "-p", prefix, "-c", file, "-e", Path.Combine(prefix, "error.log"));
    }

    private async Task<int> StartHaproxyAsync(int port)
    {
        var file = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(file, HaproxySplit(port));
        return await StartAsync("haproxy", port, "-db", "-q", "-f", file);
    }

    private async Task<int> StartAsync(string program, int port, params string[] arguments)
    {
        var process = Process.Start(Find(program)!, arguments);
        processes.Add(process);
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return process.Id;
            }
            catch (SocketException)
            {
                if (process.HasExited)
                    throw new CannotMeasureException($"{program} does not start; its error is above");
                await Task.Delay(10);
            }
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
