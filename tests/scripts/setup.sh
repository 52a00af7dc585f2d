#!/usr/bin/env bash
# eng/setup.sh on machines that are made up: fake apt-get, sudo and id; nothing real is installed.
# shellcheck disable=SC2016,SC2317  # stubs expand later; functions are called through `run`
source "$(dirname "${BASH_SOURCE[0]}")/support/checks.sh"

multiarch=$(uname -m)-linux-gnu

# machine USER [APT]: a machine where everything that set-up looks for is missing but dotnet.
# USER: root, sudo (may use it without a password), password (may not), plain (has no sudo).
# Its apt-get "installs": commands appear on the PATH, files in the system's folders.
machine() {
    new_stubs
    system=$scratch/system.$RANDOM$RANDOM
    mkdir -p "$system/usr/share/dotnet/sdk/10.0.100"
    export system multiarch
    stub dotnet-host </dev/null
    mv "$stubs/dotnet-host" "$system/usr/share/dotnet/dotnet"
    if [[ $1 == root ]]; then stub id <<<'echo 0'; else stub id <<<'echo 1000'; fi
    case $1 in
        sudo) stub sudo <<<'if [[ $1 == -n ]]; then shift; fi; exec "$@"' ;;
        password) stub sudo <<<'echo "sudo: a password is required" >&2; exit 1' ;;
    esac
    if [[ ${2:-apt} == apt ]]; then
        stub apt-get <<'STUB'
for word in "$@"; do
    case $word in
        cmake | make) command=$word ;;
        g++) command=g++ ;;
        nodejs) command=node ;;
        npm | chromium) command=$word ;;
        libtorch-dev) file=usr/lib/$multiarch/cmake/Torch/TorchConfig.cmake ;;
        libopenblas0-openmp) file=usr/lib/$multiarch/openblas-openmp/libblas.so.3 ;;
        libjpeg-dev) file=usr/include/jpeglib.h ;;
        libpng-dev) file=usr/include/$multiarch/png.h ;;
        fonts-dejavu-core) file=usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ;;
        dataset-fashion-mnist)
            mkdir -p "$system/usr/share/datasets/fashion-mnist"
            for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
                : >"$system/usr/share/datasets/fashion-mnist/$part-ubyte.gz"
            done
            ;;
        *) continue ;;
    esac
    if [[ -n ${command:-} ]]; then printf '#!/bin/sh\n' >"$stubs/$command"; chmod +x "$stubs/$command"; fi
    if [[ -n ${file:-} ]]; then mkdir -p "$(dirname "$system/$file")"; : >"$system/$file"; fi
    command="" file=""
done
exit "${APT_EXIT:-0}"
STUB
    fi
}

# on_machine COMMAND...: a function of eng/setup.sh, as the scripts call it.
on_machine() {
    env -i PATH="$stubs" HOME="$scratch" calls="$calls" stubs="$stubs" system="$system" multiarch="$multiarch" \
        SETUP_SYSTEM_ROOT="$system" TMPDIR="$scratch" "${variables[@]}" \
        "$BASH" -c 'set -euo pipefail; source "$1/eng/setup.sh"; shift; "$@" || exit' - "$repository" "$@"
}
variables=()

# How often a command was called with arguments like these.
called() { grep -c -- "$1" "$calls" || true; }

# ---- root -------------------------------------------------------------------------------------------------------

machine root
run on_machine setup_run test
exits_with "root: all is installed" 0
says "root: says what and why" "cmake                  builds the bridge between .NET and libtorch"
is_equal "root: asks apt-get for the lists once" "$(called '^apt-get .*update')" 1
is_equal "root: recommends are left out" "$(called '^apt-get .*install --no-install-recommends cmake')" 1
is_equal "root: npm comes after nodejs, by itself" "$(called 'install --no-install-recommends npm$')" 1
is_equal "root: there was no sudo" "$(called '^sudo')" 0
before=${output%%Installing with apt-get*}
if [[ $before == *chromium* && $before == *libtorch-dev* ]]; then pass "root: told before anything is installed"; else fail "root: told before anything is installed" "the list came too late"; fi

: >"$calls"
run on_machine setup_run test
exits_with "everything present: fine" 0
says_nothing "everything present: not a word"
is_equal "everything present: apt-get is not called" "$(called '^apt-get')" 0

rm "$stubs/make"
: >"$calls"
run on_machine setup_run test
is_equal "one thing missing: only that one is installed" "$(called 'install --no-install-recommends make$')" 1
says_not "one thing missing: the others are not named" "cmake"

rm "$system/usr/include/jpeglib.h"
: >"$calls"
run on_machine setup_run test
is_equal "a header missing: only its package is installed" "$(called 'install --no-install-recommends libjpeg-dev$')" 1

machine root
run on_machine setup_run build
says_not "a build needs no browser" chromium
says_not "a build needs no pictures" dataset-fashion-mnist
says "a build needs the readers of pictures" libjpeg-dev
run on_machine setup_run study
says "a study needs pictures" dataset-fashion-mnist
says_not "a study needs no browser" chromium

machine root
sed -i 's|^        nodejs) command=node ;;|        nodejs) command=node; printf "#!/bin/sh\\n" >"$stubs/npm"; chmod +x "$stubs/npm" ;;|' "$stubs/apt-get"
run on_machine setup_run study
exits_with "a nodejs that brings npm: fine" 0
is_equal "a nodejs that brings npm: npm is not asked for" "$(called 'install --no-install-recommends npm$')" 0

machine root
variables=(APT_EXIT=100)
run on_machine setup_run study
exits_with "apt-get fails: its own exit code" 71
says "apt-get fails: points at the way out" "Other distributions"
variables=()

machine root
stub apt-get <<<'exit 0'
run on_machine setup_run study
exits_with "apt-get claims success but nothing came: not believed" 71
says "apt-get claims success but nothing came: named" "still not found"

# ---- ordinary users ---------------------------------------------------------------------------------------------

machine sudo
run on_machine setup_run study
exits_with "ordinary user with sudo: all is installed" 0
is_equal "ordinary user with sudo: through sudo" "$(called '^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*install')" 2

for user in plain password; do
    machine "$user"
    run on_machine setup_run study
    exits_with "ordinary user ($user): by hand" 69
    says "ordinary user ($user): the exact command" "apt-get update && apt-get install -y --no-install-recommends cmake g++ make libtorch-dev libopenblas0-openmp libjpeg-dev libpng-dev nodejs dataset-fashion-mnist npm"
    is_equal "ordinary user ($user): nothing is tried" "$(called '^apt-get')" 0
done

# ---- other systems ----------------------------------------------------------------------------------------------

machine root none
run on_machine setup_run study
exits_with "no apt-get: by hand" 69
says "no apt-get: libtorch through LIBTORCH" "export LIBTORCH="
says "no apt-get: the compiler" "C++17 compiler"
says "no apt-get: the readers of pictures" "libjpeg-turbo and libpng"
says "no apt-get: the pictures" "export FASHION_MNIST="

machine plain none
torch=$scratch/torch
mkdir -p "$torch/lib" "$torch/include" "$scratch/pictures"
: >"$torch/lib/libtorch_cpu.so"
for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do : >"$scratch/pictures/$part-ubyte"; done
for tool in cmake make node npm; do stub "$tool" </dev/null; done
stub clang++ </dev/null
variables=(LIBTORCH="$torch" FASHION_MNIST="$scratch/pictures")
run on_machine setup_run study
exits_with "no apt-get, but everything is there: fine" 0
says_nothing "no apt-get, but everything is there: not a word"
variables=()

# ---- LIBTORCH and FASHION_MNIST ---------------------------------------------------------------------------------

machine root
variables=(LIBTORCH="$torch")
run on_machine setup_missing study
says_not "LIBTORCH: no libtorch-dev" libtorch-dev
says_not "LIBTORCH: no OpenBLAS" openblas
says "LIBTORCH: the compiler all the same" g++

variables=(LIBTORCH="$scratch/nowhere")
run on_machine setup_run study
exits_with "LIBTORCH names no folder: refused" 78
says "LIBTORCH names no folder: said" "there is no such folder"
is_equal "LIBTORCH names no folder: nothing is installed" "$(called '^apt-get')" 0

mkdir -p "$scratch/empty"
variables=(LIBTORCH="$scratch/empty")
run on_machine setup_run study
exits_with "LIBTORCH without libtorch: refused" 78
says "LIBTORCH without libtorch: said" "no lib/libtorch_cpu.so"

mkdir -p "$scratch/headless/lib"
: >"$scratch/headless/lib/libtorch_cpu.so"
variables=(LIBTORCH="$scratch/headless")
run on_machine setup_run study
says "LIBTORCH without headers: said" "no include folder"

variables=(LIBTORCH=torch)
in_scratch() { cd "$scratch" && on_machine eval 'setup_check_settings; echo "$LIBTORCH"'; }
run in_scratch
is_equal "LIBTORCH is made absolute" "$output" "$torch"

variables=(FASHION_MNIST="$scratch/empty")
run on_machine setup_run study
exits_with "FASHION_MNIST without the files: refused" 78
variables=()

# ---- .NET -------------------------------------------------------------------------------------------------------

machine root
rm -r "$system/usr/share/dotnet"
run on_machine setup_run study
exits_with "no dotnet: its own exit code" 72
says "no dotnet: how to get it" "--channel 10.0"
is_equal "no dotnet: nothing is installed" "$(called '^apt-get')" 0

mkdir -p "$system/old/sdk/8.0.100" "$scratch/.dotnet/sdk/10.0.100"
stub dotnet <<<'if [[ $* == --list-sdks ]]; then echo "8.0.100 [/somewhere]"; fi'
run on_machine setup_dotnet
exits_with "only an older dotnet: its own exit code" 72
says "only an older dotnet: named" "$stubs/dotnet"

cp "$stubs/dotnet" "$scratch/.dotnet/dotnet"
run on_machine eval 'setup_dotnet; command -v dotnet'
is_equal "a dotnet in the home folder is found, past an older one" "$output" "$scratch/.dotnet/dotnet"

mkdir -p "$scratch/mine/sdk/10.0.200"
cp "$stubs/dotnet" "$scratch/mine/dotnet"
variables=(DOTNET_ROOT="$scratch/mine")
run on_machine eval 'setup_dotnet; command -v dotnet'
is_equal "DOTNET_ROOT comes first" "$output" "$scratch/mine/dotnet"
variables=()
rm -r "$scratch/.dotnet"

# ---- BLAS -------------------------------------------------------------------------------------------------------

# blas USER STATUS CURRENT: a machine where the alternative for BLAS is this.
blas() {
    machine "$1"
    cat >"$scratch/query" <<TEXT
Name: libblas.so.3-$multiarch
Status: $2
Value: $3

Alternative: /usr/lib/$multiarch/blas/libblas.so.3
Priority: 10

Alternative: /usr/lib/$multiarch/openblas-openmp/libblas.so.3
Priority: 95
TEXT
    stub update-alternatives <<<'if [[ $1 == --query ]]; then cat "${TMPDIR}/query"; fi'
}

blas root auto "/usr/lib/$multiarch/openblas-openmp/libblas.so.3"
run on_machine setup_use_openblas
says_nothing "OpenBLAS in use: not a word"

blas root manual "/usr/lib/$multiarch/blas/libblas.so.3"
run on_machine setup_use_openblas
is_equal "reference BLAS in use: changed" "$(called "^update-alternatives --set libblas.so.3-$multiarch /usr/lib/$multiarch/openblas-openmp/libblas.so.3")" 1
says "reference BLAS in use: said, with the way back" "To go back: update-alternatives --set libblas.so.3-$multiarch /usr/lib/$multiarch/blas/libblas.so.3"

blas plain auto "/usr/lib/$multiarch/blas/libblas.so.3"
run on_machine setup_use_openblas
exits_with "reference BLAS, ordinary user: no error" 0
says "reference BLAS, ordinary user: warned, with the command" "update-alternatives --set libblas.so.3-$multiarch"

blas root auto "/usr/lib/$multiarch/openblas-pthread/libblas.so.3"
run on_machine setup_use_openblas
is_equal "OpenBLAS with other threads: changed" "$(called '^update-alternatives --set')" 1

blas root manual /opt/mkl/libmkl_rt.so
run on_machine setup_use_openblas
is_equal "another fast BLAS, chosen by hand: stays" "$(called '^update-alternatives --set')" 0
says "another fast BLAS, chosen by hand: said" "It stays."

# ---- ./distill asks only ----------------------------------------------------------------------------------------

machine root
run on_machine setup_check build
exits_with "a check: says it is not complete" 69
says "a check: says what to run" "./quickstart --setup-only"
is_equal "a check installs nothing" "$(called '^apt-get')" 0

checks_done
