#!/usr/bin/env bash
# Builds Mintmark where its sources are newer than the last build, then becomes the program.
#   ./mint ARGS…            the command line
#   ./mint bench [NAME]     the benches under bench/
#   ./mint simulate …       the deterministic simulation
set -euo pipefail

root=$(cd -P -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
case "${1-}" in
    bench) project=bench/Mintmark.Bench program=Mintmark.Bench; shift ;;
    simulate) project=test/Mintmark.Simulation program=Mintmark.Simulation; shift ;;
    *) project=src/Mintmark.Cli program=mint ;;
esac
name=${project#*/}
binary=$root/artifacts/bin/$name/release/$program
stamp=$root/artifacts/stamps/$name

no_sdk() {
    echo "mint: needs the .NET 10 SDK: install dotnet-sdk-10.0 (https://dotnet.microsoft.com/download/dotnet/10.0)" >&2
    exit 3
}

stale() {
    [[ ! -x $binary || ! -e $stamp ]] || [[ -n $(
        cd "$root" && find src "$project" Directory.* global.json -newer "$stamp" -print -quit
    ) ]]
}

build() {
    [[ $(dotnet --list-sdks) =~ (^|$'\n')10\. ]] || no_sdk
    mkdir -p "$root/artifacts/stamps"
    # The lock lets a second mint wait for the first one's build instead of writing the same files. Its descriptor is
    # closed for the compiler and given up before the program runs.
    exec 9>"$root/artifacts/build.lock"
    flock 9
    if stale; then
        [[ -e $stamp ]] && what="its sources changed" || what="once, about a minute"
        echo "building mint ($what)…" >&2
        touch "$stamp.started"
        (cd "$root" && dotnet build "$project" -c Release -p:RunAnalyzers=false --disable-build-servers \
            --nologo -tl:off -v q -clp:NoSummary 9>&-) >"$stamp.log" 2>&1 || {
            cat "$stamp.log" >&2
            echo "mint: could not be built; the errors are above" >&2
            exit 3
        }
        mv "$stamp.started" "$stamp"
    fi
    exec 9>&-
}

dotnet=$(command -v dotnet) || no_sdk
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
if [[ -z ${DOTNET_ROOT-} ]]; then
    home=$(dirname -- "$(readlink -f -- "$dotnet")")
    [[ -d $home/host/fxr ]] && export DOTNET_ROOT=$home
fi
stale && build
exec "$binary" "$@"
