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
# Touched when a build starts that succeeds, here or in ./build.
built=$root/artifacts/stamps/$name
# A build writes over its output, and a control plane or gateway may be running for weeks: so each build runs from a
# copy, to which this link points.
current=$root/artifacts/run/$name

no_sdk() {
    echo "mint: needs the .NET 10 SDK: install dotnet-sdk-10.0 (https://dotnet.microsoft.com/download/dotnet/10.0)" >&2
    exit 3
}

is_built() {
    [[ -e $built && -z $(cd "$root" && find src "$project" Directory.* global.json -newer "$built" -print -quit) ]]
}

is_current() {
    [[ -x $current/$program && ! $built -nt $current/.built ]]
}

compile() {
    [[ $(dotnet --list-sdks) =~ (^|$'\n')10\. ]] || no_sdk
    [[ -e $built ]] && what="its sources changed" || what="once, about a minute"
    echo "building mint ($what)…" >&2
    touch "$built.started"
    # One compiler of our own for all projects halves the time, and ends with the build. Profiles of compilers that live
    # for half a minute never pay: without them it is a third quicker again.
    (cd "$root" && DOTNET_TieredPGO=0 dotnet build "$project" -c Release -p:RunAnalyzers=false \
        -p:UseSharedCompilation=true -p:SharedCompilationId="mint.$$" \
        --nologo -tl:off -v q -clp:NoSummary 9>&-) >"$built.log" 2>&1 || {
        cat "$built.log" >&2
        echo "mint: could not be built; the errors are above" >&2
        exit 3
    }
    pkill -f -- "-pipename:mint\.$$"'( |$)' 2>/dev/null || true
    mv "$built.started" "$built"
}

copy() {
    local copy old
    copy=$current.$(date +%s%N)
    cp -a "$root/artifacts/bin/$name/release" "$copy"
    touch -r "$built" "$copy/.built"
    ln -s "${copy##*/}" "$current.new"
    mv -T "$current.new" "$current"
    # The last two stay, as somebody may be about to start one, and those from which something runs.
    for old in $(printf '%s\n' "$current".[0-9]* | sort -r | tail -n +3); do
        [[ $(readlink /proc/[0-9]*/exe) == *"$old/"* ]] || rm -rf "$old"
    done
}

build() {
    mkdir -p "$root/artifacts/stamps" "$root/artifacts/run"
    # The lock lets a second mint wait for the first one's build instead of writing the same files. Its descriptor is
    # closed for the compiler and given up before the program runs.
    exec 9>"$root/artifacts/build.lock"
    flock 9
    is_built || compile
    is_current || copy
    exec 9>&-
}

dotnet=$(command -v dotnet) || no_sdk
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
if [[ -z ${DOTNET_ROOT-} ]]; then
    home=$(dirname -- "$(readlink -f -- "$dotnet")")
    [[ -d $home/host/fxr ]] && export DOTNET_ROOT=$home
fi
is_built && is_current || build
exec "$(readlink -f -- "$current")/$program" "$@"
