# shellcheck shell=bash
# Builds, and knows when there is nothing to build. Sourced after eng/setup.sh; expects `root`, the repository's folder.

# shellcheck disable=SC2154  # root is set by the script that sources this
build_dll() { echo "$root/src/DistillSharp.Cli/bin/Release/net10.0/distill.dll"; }

# One line that changes when any source changes, comes or goes. Takes some 20 ms: no dotnet needed.
# (The time of the built dll alone would not do: a change in one library leaves distill.dll as it was.)
build_signature() {
    (
        cd "$root" || exit
        {
            echo "LIBTORCH=${LIBTORCH:-}"
            find src Directory.Build.props Directory.Packages.props global.json DistillSharp.slnx \
                \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort
        } | cksum
    )
}

# build_is_current SIGNATURE: was the command built from exactly these sources?
build_is_current() {
    local stamp=$root/obj/build.stamp
    [[ -f $stamp && -f $(build_dll) && $(<"$stamp") == "$1" ]]
}

# build_release TARGET [--always]: builds a project or the solution in Release, one build at a time in this folder.
# Says nothing unless it fails. Without --always, does nothing where the command is up to date.
build_release() {
    local target=$1 always=${2:-}
    if ! mkdir -p "$root/obj" 2>/dev/null || [[ ! -w $root/obj ]]; then
        echo "Cannot write to '$root', so nothing can be built there. Please use a copy that you own."
        return "$EXIT_BUILD"
    fi
    (
        if setup_has flock && ! flock -n 9; then
            echo "Another build is under way in this folder; waiting for it ..."
            flock 9
        fi
        # Taken before the build: a file that is edited meanwhile is built again next time.
        signature=$(build_signature)
        if [[ $always != --always ]] && build_is_current "$signature"; then exit 0; fi
        rm -f "$root/obj/build.stamp"
        log=$root/obj/build.log
        # No build servers: nothing stays behind that holds memory, the lock or an old environment.
        if ! (cd "$root" && dotnet build "$target" --configuration Release --nologo -v quiet -clp:"ErrorsOnly;NoSummary" \
            -m -nodeReuse:false --disable-build-servers </dev/null >"$log" 2>&1 9>&-); then
            echo "The build failed:"
            # MSBuild repeats an error for every project that meets it.
            awk '!seen[$0]++' "$log" | tail -n 60
            exit "$EXIT_BUILD"
        fi
        if [[ -f $(build_dll) ]]; then echo "$signature" >"$root/obj/build.stamp"; fi
    ) 9>"$root/obj/build.lock"
}
