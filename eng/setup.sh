# shellcheck shell=bash
# Finds out what DistillSharp needs and does not have, and installs it.
# Sourced by ./quickstart, ./test and ./distill; every function may be called by itself.
# What is installed and why, and the exit codes: docs/set-up.md.

# Exit codes of all the root scripts. They keep clear of the small numbers that `distill` itself uses.
# shellcheck disable=SC2034  # the scripts that source this use them
{
    readonly EXIT_USAGE=64         # the arguments were not understood
    readonly EXIT_BY_HAND=69       # something has to be installed by hand; the message says what and how
    readonly EXIT_BUILD=70         # the build failed; the message shows the errors
    readonly EXIT_APT=71           # apt-get failed; the message shows its last lines
    readonly EXIT_DOTNET=72        # no .NET SDK 10
    readonly EXIT_SETTING=78       # LIBTORCH or FASHION_MNIST points at the wrong folder
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# The SDK would need libicu otherwise, which a small system lacks; we build and run without cultures anyway.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# The tests put a folder here that stands for `/`.
: "${SETUP_SYSTEM_ROOT:=}"

setup_has() { command -v "$1" >/dev/null 2>&1; }

# setup_any_file PATH...: is at least one of these a file? (Globs that match nothing stay as they are, and are no file.)
setup_any_file() {
    local candidate
    for candidate in "$@"; do
        if [[ -f $candidate ]]; then return 0; fi
    done
    return 1
}

setup_multiarch() { echo "$(uname -m)-linux-gnu"; }

# ---- what is there ----------------------------------------------------------------------------------------------

setup_has_compiler() {
    if [[ -n ${CXX:-} ]]; then
        # CXX may hold options after the command ("g++-13 -m64").
        setup_has "${CXX%% *}"
    else
        setup_has g++ || setup_has c++ || setup_has clang++
    fi
}

setup_has_system_libtorch() {
    local usr=$SETUP_SYSTEM_ROOT/usr
    setup_any_file "$usr"/lib/*/cmake/Torch/TorchConfig.cmake \
        "$usr"/{lib,lib64,share}/cmake/Torch/TorchConfig.cmake \
        "$usr"/local/{lib,share}/cmake/Torch/TorchConfig.cmake
}

setup_has_openblas() {
    setup_any_file "$SETUP_SYSTEM_ROOT/usr/lib/$(setup_multiarch)/openblas-openmp/libblas.so.3"
}

# setup_has_header NAME: is a C header among the system's?
setup_has_header() {
    local usr=$SETUP_SYSTEM_ROOT/usr
    setup_any_file "$usr/include/$1" "$usr/include/$(setup_multiarch)/$1" "$usr/local/include/$1"
}

# setup_holds_fashion_mnist FOLDER: are the four files there, packed or not?
setup_holds_fashion_mnist() {
    local name
    for name in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
        if ! setup_any_file "$1/$name.gz" "$1/$name"; then return 1; fi
    done
}

setup_has_fashion_mnist() {
    [[ -n ${FASHION_MNIST:-} ]] || setup_holds_fashion_mnist "$SETUP_SYSTEM_ROOT/usr/share/datasets/fashion-mnist"
}

setup_has_browser() {
    setup_has chromium || setup_has chromium-browser || setup_has google-chrome
}

setup_has_font() {
    local fonts=$SETUP_SYSTEM_ROOT/usr/share/fonts
    setup_any_file "$fonts"/truetype/*/*.ttf "$fonts"/*/*.ttf "$fonts"/*/*.otf "$fonts"/opentype/*/*.otf
}

# setup_missing PURPOSE: what is missing, one line each: PACKAGE|why it is needed.
# PURPOSE: `build`; `study`, which also needs data; `test`, which also needs a browser.
setup_missing() {
    setup_has cmake || echo "cmake|builds the bridge between .NET and libtorch"
    setup_has_compiler || echo "g++|compiles that bridge (C++17)"
    setup_has make || echo "make|runs that build"
    if [[ -z ${LIBTORCH:-} ]]; then
        setup_has_system_libtorch || echo "libtorch-dev|the engine: tensors and gradients on the CPU"
        # Other systems keep OpenBLAS elsewhere; there `distill doctor` tells which one is loaded.
        if setup_has apt-get; then
            setup_has_openblas || echo "libopenblas0-openmp|fast matrix products; without it training is about 20 times slower"
        fi
    fi
    # Other systems keep headers elsewhere; there the build tells which one it lacks.
    if setup_has apt-get; then
        setup_has_header jpeglib.h || echo "libjpeg-dev|reads pictures in JPEG files"
        setup_has_header png.h || echo "libpng-dev|reads pictures in PNG files"
    fi
    setup_has node || echo "nodejs|prepares the charts of the report while building"
    setup_has npm || echo "npm|fetches the chart library while building"
    if [[ $1 == build ]]; then return 0; fi
    setup_has_fashion_mnist || echo "dataset-fashion-mnist|real pictures for the first study and the tests (31 MB)"
    if [[ $1 == study ]]; then return 0; fi
    setup_has_browser || echo "chromium|opens the report in the tests (only ./test needs it)"
    setup_has_font || echo "fonts-dejavu-core|letters for that browser"
}

# ---- settings that point at folders -----------------------------------------------------------------------------

# Checks LIBTORCH and FASHION_MNIST where they are set, and makes them absolute: the build runs in other folders.
setup_check_settings() {
    if [[ -n ${LIBTORCH:-} ]]; then
        local problem=""
        if [[ ! -d $LIBTORCH ]]; then
            problem="there is no such folder"
        elif ! setup_any_file "$LIBTORCH/lib/libtorch_cpu.so" "$LIBTORCH/lib/libtorch_cpu.dylib"; then
            problem="it has no lib/libtorch_cpu.so"
        elif [[ ! -d $LIBTORCH/include ]]; then
            problem="it has no include folder, so the bridge cannot be compiled against it"
        fi
        if [[ -n $problem ]]; then
            echo "LIBTORCH is set to '$LIBTORCH', but $problem."
            echo "Point it at the 'torch' folder of a PyTorch wheel, or at an unpacked libtorch:"
            echo "    export LIBTORCH=\"\$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))')\""
            echo "Or unset it to use the system's libtorch:  unset LIBTORCH"
            return "$EXIT_SETTING"
        fi
        LIBTORCH=$(cd "$LIBTORCH" && pwd)
        export LIBTORCH
    fi
    if [[ -n ${FASHION_MNIST:-} ]]; then
        if ! setup_holds_fashion_mnist "$FASHION_MNIST"; then
            echo "FASHION_MNIST is set to '$FASHION_MNIST', but the four files of Fashion-MNIST are not all there."
            echo "Expected, packed (.gz) or not: train-images-idx3-ubyte, train-labels-idx1-ubyte,"
            echo "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte."
            return "$EXIT_SETTING"
        fi
        FASHION_MNIST=$(cd "$FASHION_MNIST" && pwd)
        export FASHION_MNIST
    fi
}

# ---- .NET -------------------------------------------------------------------------------------------------------

# setup_dotnet_has_sdk DOTNET: does this dotnet come with an SDK 10? Looks at folders first: that takes no time.
setup_dotnet_has_sdk() {
    local folder sdk
    folder=$(dirname "$(readlink -f "$1")")
    for sdk in "$folder"/sdk/10.*; do
        if [[ -d $sdk ]]; then return 0; fi
    done
    # Read it all before looking: a pipe into `grep -q` can break, and pipefail would call that a no.
    local sdks
    sdks=$("$1" --list-sdks 2>/dev/null) || return 1
    grep -q '^10\.' <<<"$sdks"
}

# Finds a dotnet with SDK 10 (DOTNET_ROOT, then PATH, then the usual folders) and puts it first on the PATH.
setup_dotnet() {
    local candidate found="" here=()
    if [[ -n ${DOTNET_ROOT:-} ]]; then here+=("$DOTNET_ROOT/dotnet"); fi
    if setup_has dotnet; then here+=("$(command -v dotnet)"); fi
    here+=("${HOME:-/nonexistent}/.dotnet/dotnet")
    here+=("$SETUP_SYSTEM_ROOT"/usr/{share,lib,lib64,local/share}/dotnet/dotnet)
    for candidate in "${here[@]}"; do
        if [[ -x $candidate && ! -d $candidate ]]; then
            found+="${found:+, }$candidate"
            if setup_dotnet_has_sdk "$candidate"; then
                # The right one may not be the first on the PATH: put it there for the build and the tests.
                if [[ $(command -v dotnet || true) != "$candidate" ]]; then
                    PATH="$(dirname "$candidate"):$PATH"
                    DOTNET_ROOT=$(dirname "$(readlink -f "$candidate")")
                    export PATH DOTNET_ROOT
                fi
                return 0
            fi
        fi
    done
    if [[ -n $found ]]; then
        echo "DistillSharp needs the .NET SDK 10. Found, but without an SDK 10: $found."
    else
        echo "DistillSharp needs the .NET SDK 10, and there is no dotnet here."
    fi
    echo "Get it from https://dotnet.microsoft.com/download/dotnet/10.0, for example into your home folder:"
    echo "    curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
    echo "A dotnet in ~/.dotnet is found by itself. Elsewhere, set DOTNET_ROOT to its folder."
    return "$EXIT_DOTNET"
}

# ---- installing -------------------------------------------------------------------------------------------------

# Sets SETUP_AS_ROOT to what goes before a command that needs root; returns 1 where we cannot become root.
setup_find_root() {
    SETUP_AS_ROOT=()
    if [[ $(id -u) == 0 ]]; then return 0; fi
    if ! setup_has sudo; then return 1; fi
    if sudo -n true >/dev/null 2>&1; then
        SETUP_AS_ROOT=(sudo -n)
    elif [[ -t 0 && -z ${CI:-} ]]; then
        echo "sudo may ask for your password."
        SETUP_AS_ROOT=(sudo)
    else
        return 1
    fi
}

setup_as_root() { "${SETUP_AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive "$@"; }

setup_apt_install() {
    setup_as_root apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" </dev/null
}

setup_print_missing() {
    local package why
    while IFS='|' read -r package why; do
        printf '  %-22s %s\n' "$package" "$why"
    done <<<"$1"
}

# For systems without apt-get: what to install, in words.
setup_explain_by_hand() {
    cat <<'TEXT'
There is no apt-get here, so please install it yourself:
  cmake, make and a C++17 compiler   from your package manager (macOS: xcode-select --install, brew install cmake)
  libtorch                           unpack it from https://pytorch.org (C++, "LibTorch") or use an installed PyTorch;
                                     then: export LIBTORCH=/path/to/libtorch   (the folder that holds lib/libtorch_cpu.so)
  OpenBLAS                           only for a libtorch of your distribution; libtorch from pytorch.org has its own BLAS
  libjpeg-turbo and libpng 1.6       with their headers, from your package manager
  node and npm                       from your package manager or https://nodejs.org
  Fashion-MNIST                      the four idx files (.gz) from https://github.com/zalandoresearch/fashion-mnist;
                                     then: export FASHION_MNIST=/path/to/that/folder
  chromium and a font                only for ./test
Then run this again. More: docs/set-up.md
TEXT
}

# setup_install MISSING: MISSING as setup_missing prints it. Says what and why, then installs.
setup_install() {
    local missing=$1 package why log began=$SECONDS first=() npm=()
    while IFS='|' read -r package why; do
        if [[ $package == npm ]]; then npm=(npm); else first+=("$package"); fi
    done <<<"$missing"

    if ! setup_has apt-get; then
        echo "DistillSharp needs these, and they are not here yet:"
        setup_print_missing "$missing"
        setup_explain_by_hand
        return "$EXIT_BY_HAND"
    fi

    if ! setup_find_root; then
        echo "These packages are needed and not here yet:"
        setup_print_missing "$missing"
        echo "Installing them needs root, and this user cannot become root here. Please have this run as root:"
        echo "    apt-get update && apt-get install -y --no-install-recommends ${first[*]}${npm[*]:+${first[*]:+ }${npm[*]}}"
        echo "Then run this again."
        return "$EXIT_BY_HAND"
    fi

    echo "These packages are not here yet and will be installed:"
    setup_print_missing "$missing"
    echo "Installing with apt-get; the first time this takes a few minutes ..."
    log=$(mktemp "${TMPDIR:-/tmp}/distillsharp-setup.XXXXXX")
    # One broken package source must not stop us: what we need may come from another one.
    if ! setup_as_root apt-get -q -o DPkg::Lock::Timeout=300 update </dev/null >"$log" 2>&1; then
        echo "apt-get update had problems; trying with the lists that are there."
    fi
    local failed=false
    if ((${#first[@]})); then setup_apt_install "${first[@]}" >>"$log" 2>&1 || failed=true; fi
    # Some builds of nodejs bring npm along and clash with a package of that name: so npm comes after, if still missing.
    if ! $failed && ((${#npm[@]})) && ! setup_has npm; then setup_apt_install npm >>"$log" 2>&1 || failed=true; fi
    if $failed; then
        echo "apt-get did not succeed. Its last lines (all of them: $log):"
        tail -n 15 "$log" | sed 's/^/    /'
        echo "If your distribution lacks libtorch-dev or dataset-fashion-mnist, see docs/set-up.md, \"Other distributions\"."
        return "$EXIT_APT"
    fi
    rm -f "$log"
    echo "Installed in $((SECONDS - began)) s."
}

# Debian's libtorch calls whichever BLAS the alternative libblas.so.3 names. Makes that OpenBLAS (OpenMP).
# Never an error: the rest works with a slow BLAS too.
setup_use_openblas() {
    if [[ -n ${LIBTORCH:-} ]] || ! setup_has update-alternatives; then return 0; fi
    local name wanted query current status
    name=libblas.so.3-$(setup_multiarch)
    wanted=/usr/lib/$(setup_multiarch)/openblas-openmp/libblas.so.3
    query=$(update-alternatives --query "$name" 2>/dev/null) || return 0
    current=$(sed -n 's/^Value: //p' <<<"$query")
    status=$(sed -n 's/^Status: //p' <<<"$query")
    if [[ $current == "$wanted" ]] || ! grep -qF "Alternative: $wanted" <<<"$query"; then return 0; fi
    # Someone chose another fast BLAS (MKL, BLIS) by hand: that is theirs to choose.
    if [[ $status == manual && $current != */blas/libblas.so.3 ]]; then
        echo "Note: matrix products go to $current, chosen by hand on this machine. It stays."
        return 0
    fi
    if setup_find_root && setup_as_root update-alternatives --set "$name" "$wanted" >/dev/null 2>&1; then
        echo "Matrix products went to $current; they now go to OpenBLAS (OpenMP), which fits libtorch's threads."
        echo "To go back: update-alternatives --set $name $current"
    else
        echo "Note: matrix products go to $current. Training can be up to 20 times slower than with OpenBLAS."
        echo "Please have this run as root:"
        echo "    update-alternatives --set $name $wanted"
    fi
}

# setup_run PURPOSE: everything that setup_missing's PURPOSE needs. Quiet where nothing is missing.
setup_run() {
    local missing
    setup_check_settings || return
    setup_dotnet || return
    missing=$(setup_missing "$1")
    if [[ -n $missing ]]; then
        setup_install "$missing" || return
        hash -r
        missing=$(setup_missing "$1")
        if [[ -n $missing ]]; then
            echo "apt-get reported success, but these are still not found:"
            setup_print_missing "$missing"
            return "$EXIT_APT"
        fi
    fi
    setup_use_openblas
}

# setup_check PURPOSE: the same questions, but installs nothing. For ./distill, which should not change a machine unasked.
setup_check() {
    local missing
    setup_check_settings || return
    setup_dotnet || return
    missing=$(setup_missing "$1")
    if [[ -n $missing ]]; then
        echo "Before the first build, these are still needed:"
        setup_print_missing "$missing"
        echo "Install them with:  ./quickstart --setup-only"
        return "$EXIT_BY_HAND"
    fi
}
