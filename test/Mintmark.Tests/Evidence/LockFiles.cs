namespace Mintmark.Tests.Evidence;

/// <summary>Small lock files of each ecosystem, cut from real ones.</summary>
static class LockFiles
{
    public static readonly (string, string) Assets = (
        "src/obj/project.assets.json",
        $$"""
        {
          "version": 3,
          "targets": {
            "net10.0": {
              "Npgsql/10.0.0": {
                "type": "package",
                "dependencies": { "Microsoft.Extensions.Logging.Abstractions": "10.0.0", "Not.Here": "1.0.0" }
              },
              "Microsoft.Extensions.Logging.Abstractions/10.0.2": { "type": "package" },
              "Bank.Core/1.0.0": { "type": "project", "dependencies": { "Npgsql": "10.0.0" } }
            }
          },
          "libraries": {
            "Npgsql/10.0.0": { "sha512": "{{Made.Sha512(1)}}", "type": "package", "path": "npgsql/10.0.0" },
            "Microsoft.Extensions.Logging.Abstractions/10.0.2": { "sha512": "{{Made.Sha512(2)}}", "type": "package" },
            "Bank.Core/1.0.0": { "type": "project", "path": "../core/Bank.Core.csproj" }
          },
          "project": {
            "restore": { "projectPath": "/somewhere/src/Bank.csproj" },
            "frameworks": { "net10.0": { "dependencies": { "npgsql": { "version": "[10.0.0, )" } } } }
          }
        }
        """
    );

    public static readonly (string, string) NugetLock = (
        "tools/packages.lock.json",
        $$"""
        {
          "version": 2,
          "dependencies": {
            "net10.0": {
              "Dapper": { "type": "Direct", "requested": "[2.1.66, )", "resolved": "2.1.66",
                "contentHash": "{{Made.Sha512(3)}}", "dependencies": { "System.Memory": "4.6.0" } },
              "System.Memory": { "type": "Transitive", "resolved": "4.6.0", "contentHash": "{{Made.Sha512(4)}}" },
              "bank.core": { "type": "Project", "dependencies": { "Dapper": "[2.1.66, )" } }
            }
          }
        }
        """
    );

    public static readonly (string, string) Npm = (
        "web/package-lock.json",
        $$"""
        {
          "name": "desk", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
          "packages": {
            "": { "name": "desk", "dependencies": { "ws": "^8.0.0", "@scope/quotes": "1.0.0" },
                  "devDependencies": { "tap": "1.0.0" } },
            "node_modules/ws": { "version": "8.18.0", "resolved": "https://registry.example/ws-8.18.0.tgz",
                  "integrity": "sha512-{{Made.Sha512(5)}}", "dependencies": { "bytes": "^3.0.0" } },
            "node_modules/@scope/quotes": { "version": "1.0.0", "integrity": "sha512-{{Made.Sha512(6)}}",
                  "dependencies": { "bytes": "^2.0.0" } },
            "node_modules/@scope/quotes/node_modules/bytes": { "version": "2.5.0" },
            "node_modules/bytes": { "version": "3.1.2" },
            "node_modules/fsevents": { "version": "2.3.3", "optional": true },
            "node_modules/tap": { "version": "1.0.0", "dev": true }
          }
        }
        """
    );

    public static readonly (string, string) Requirements = (
        "requirements.txt",
        """
        # made by pip-compile
        --index-url https://pypi.example/simple
        Zope.Interface[test]==7.2 ; python_version >= "3.9" \
            --hash=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \
            --hash=sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
        numpy==2.1.0  # exact
        requests>=2
        -e ./vendored
        """
    );

    public static readonly (string, string) Inspect = (
        "pip-inspect.json",
        """
        {
          "version": "1", "pip_version": "25.0",
          "installed": [
            { "metadata": { "name": "Requests", "version": "2.32.3",
                "requires_dist": ["urllib3<3,>=1.21.1", "PySocks!=1.5.7; extra == 'socks'", "absent>1"] },
              "requested": true,
              "download_info": { "archive_info": { "hashes":
                { "sha256": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc" } } } },
            { "metadata": { "name": "urllib3", "version": "2.2.3" } },
            { "metadata": { "name": "PySocks", "version": "1.7.1" } }
          ]
        }
        """
    );

    public static readonly (string, string) Dpkg = (
        "$OUT/var/lib/dpkg/status",
        """
        Package: libssl3t64
        Status: install ok installed
        Architecture: amd64
        Source: openssl
        Version: 3.5.1-1+deb13u1
        Depends: libc6 (>= 2.38), zlib1g | zlib-ng
        Description: Secure Sockets Layer toolkit
         shared libraries

        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Source: glibc (2.41-12)
        Version: 1:2.41-12+b1

        Package: gone
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 1.0
        """
    );

    public static readonly (string, string)[] All = [Assets, NugetLock, Npm, Requirements, Inspect, Dpkg];
}
