#!/usr/bin/env bash
# ./distill, ./quickstart, ./test and .ci/run in a made-up clone, with a fake dotnet: when they build, and what they count.
# shellcheck disable=SC2317  # functions are called through `run`
source "$(dirname "${BASH_SOURCE[0]}")/support/checks.sh"

new_stubs
clone="$scratch/a clone"
mkdir -p "$clone/src/DistillSharp.Cli" "$clone/src/DistillSharp/obj" "$clone/eng" "$clone/tests/scripts" "$clone/.ci" "$scratch/mine/sdk/10.0.100"
cp "$repository"/eng/*.sh "$clone/eng/"
cp "$repository"/{distill,quickstart,test,Directory.Build.props,Directory.Packages.props,global.json} "$clone/"
cp "$repository/.ci/run" "$clone/.ci/"
echo one >"$clone/src/DistillSharp/One.cs"
cat >"$clone/tests/scripts/tiny.sh" <<<'echo "2 passed, 0 failed"'

# The fake dotnet: `build` makes the dlls (and fails where BUILD_FAILS is set); a test project acts as its name says.
mv "$scratch/mine" "$scratch/dotnet home"
stub dotnet <<'STUB'
count() { echo "<assemblies><assembly name=\"x\" errors=\"$4\" failed=\"$2\" not-run=\"0\" passed=\"$1\" skipped=\"$3\" total=\"9\"><collection passed=\"77\" /></assembly></assemblies>" >"$xml"; }
case $1 in
    build)
        sleep "${BUILD_SECONDS:-0}"
        if [[ -n ${BUILD_FAILS:-} ]]; then echo "One.cs(1,1): error CS1002: ; expected"; exit 1; fi
        mkdir -p src/DistillSharp.Cli/bin/Release/net10.0
        echo built >src/DistillSharp.Cli/bin/Release/net10.0/distill.dll
        for project in tests/*.Tests; do
            if [[ $project == *Unbuilt* || ! -d $project ]]; then continue; fi
            mkdir -p "$project/bin/Release/net10.0"
            echo built >"$project/bin/Release/net10.0/${project#tests/}.dll"
        done
        ;;
    */distill.dll)
        shift
        case ${1:-} in
            exit) exit "$2" ;;
            wait) echo "pid $$"; trap 'echo "got the signal"; exit 3' TERM; for _ in {1..100}; do sleep 0.05; done ;;
            study) mkdir -p "$5"; echo report >"$5/report.html"; printf '[%s]' "$@"; echo ;;
            *) echo "in $PWD"; printf '[%s]' "$@"; echo ;;
        esac
        ;;
    tests/*)
        xml=""
        for ((i = 1; i <= $#; i++)); do if [[ ${!i} == -xml ]]; then i=$((i + 1)); xml=${!i}; fi; done
        case $1 in
            *Good.Tests.dll) count 5 0 0 0 ;;
            *Skips.Tests.dll) count 1 0 2 0 ;;
            *Bad.Tests.dll) echo "    It.Should_hold [FAIL]"; count 3 2 0 0; exit 1 ;;
            *Crash.Tests.dll) kill -SEGV $$ ;;
            *Late.Tests.dll) count 4 0 0 0; exit 134 ;;
            *Silent.Tests.dll) ;;
            *Empty.Tests.dll) count 0 0 0 0 ;;
            *Cleanup.Tests.dll) count 1 0 0 1; exit 1 ;;
            *Hang.Tests.dll) exec sleep 30 ;;
        esac
        ;;
esac
STUB
mv "$stubs/dotnet" "$scratch/dotnet home/dotnet"

# Everything that set-up looks for is here.
for tool in cmake g++ make node npm chromium; do stub "$tool" </dev/null; done
system=$scratch/system
mkdir -p "$system/usr/lib/cmake/Torch" "$system/usr/share/fonts/truetype/x" "$system/usr/share/datasets/fashion-mnist"
: >"$system/usr/lib/cmake/Torch/TorchConfig.cmake"
: >"$system/usr/share/fonts/truetype/x/x.ttf"
for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do : >"$system/usr/share/datasets/fashion-mnist/$part-ubyte.gz"; done

variables=()
# in_clone COMMAND...: with the closed PATH, in the folder `where`.
where=$clone
in_clone() {
    cd "$where"
    env -i PATH="$stubs" HOME="$scratch" TMPDIR="$scratch" DOTNET_ROOT="$scratch/dotnet home" SETUP_SYSTEM_ROOT="$system" \
        calls="$calls" "${variables[@]}" "$@"
}
builds() { grep -c '^dotnet build' "$calls" || true; }

# ---- ./distill --------------------------------------------------------------------------------------------------

run in_clone ./distill audit "two words" '' '*'
exits_with "distill: runs" 0
says "distill: arguments arrive as they were" "[audit][two words][][*]"
is_equal "distill: the first call builds" "$(builds)" 1

run in_clone ./distill
is_equal "distill: the second call does not build" "$(builds)" 1
says_not "distill: the second call says nothing of its own" Build

where=$scratch
run in_clone "$clone/distill"
says "distill: stays in the caller's folder" "in $scratch"
ln -s "$clone/distill" "$scratch/link"
run in_clone ./link exit 42
exits_with "distill: the exit code comes through, by a link too" 42
where=$clone

echo two >"$clone/src/DistillSharp/Two.cs"
run in_clone ./distill
is_equal "distill: a new source builds" "$(builds)" 2
touch -d '2001-01-01' "$clone/src/DistillSharp/Two.cs"
run in_clone ./distill
is_equal "distill: a source replaced by an older one builds" "$(builds)" 3
rm "$clone/src/DistillSharp/Two.cs"
run in_clone ./distill
is_equal "distill: a source that is gone builds" "$(builds)" 4
: >"$clone/src/DistillSharp/obj/made.cs"
run in_clone ./distill
is_equal "distill: what the build itself made does not" "$(builds)" 4
variables=(LIBTORCH="$scratch/torch")
mkdir -p "$scratch/torch/lib" "$scratch/torch/include"
: >"$scratch/torch/lib/libtorch_cpu.so"
run in_clone ./distill
is_equal "distill: another LIBTORCH builds" "$(builds)" 5
run in_clone ./distill
is_equal "distill: the same LIBTORCH does not" "$(builds)" 5
variables=()

rm "$clone/src/DistillSharp.Cli/bin/Release/net10.0/distill.dll"
: >"$calls"
first=$scratch/first
variables=(BUILD_SECONDS=0.5)
(in_clone ./distill >"$first" 2>&1 </dev/null) &
run in_clone ./distill
wait $!
variables=()
is_equal "distill: two at once build once" "$(builds)" 1
if [[ $output == *"in $clone"* && $(<"$first") == *"in $clone"* ]]; then pass "distill: two at once both run"; else fail "distill: two at once both run" "the first printed: $(<"$first")"; fi

echo three >"$clone/src/DistillSharp/Three.cs"
variables=(BUILD_FAILS=1)
run in_clone ./distill
exits_with "distill: a failed build has its own exit code" 70
says "distill: a failed build shows the error" "error CS1002"
errors_only() { in_clone ./distill 2>/dev/null; }
run errors_only
says_nothing "distill: a failed build prints nothing on stdout"
variables=()
run in_clone ./distill
exits_with "distill: mended, it builds again" 0

(in_clone ./distill wait >"$scratch/waiting" 2>&1 </dev/null || echo "code $?" >>"$scratch/waiting") &
for _ in {1..100}; do if grep -q '^pid' "$scratch/waiting" 2>/dev/null; then break; fi; sleep 0.05; done
kill -TERM "$(sed -n 's/^pid //p' "$scratch/waiting")"
wait $!
output=$(<"$scratch/waiting")
says "distill: is replaced by the command, so signals reach it" "got the signal"
says "distill: and its exit code comes back" "code 3"

rm "$stubs/cmake" "$clone/obj/build.stamp"
run in_clone ./distill
exits_with "distill: incomplete set-up" 69
says "distill: incomplete set-up: what to run" "./quickstart --setup-only"
stub cmake </dev/null

# ---- ./quickstart -----------------------------------------------------------------------------------------------

run in_clone ./quickstart --help
exits_with "quickstart: help" 0
run in_clone ./quickstart --setup-only
ends_with "quickstart: set-up only" "Everything that is needed is here."
run in_clone ./quickstart --seeds 5
exits_with "quickstart: runs" 0
says "quickstart: the study, and what was added" "[study][run][examples/quickstart.yaml][--output][results/quickstart][--seeds][5]"
says "quickstart: how long each step took" "  study "
ends_with "quickstart: where the report is" "The report: results/quickstart/report.html"
run in_clone ./quickstart --output "else where"
ends_with "quickstart: another folder" "The report: else where/report.html"
where=$scratch
run in_clone "$clone/quickstart"
ends_with "quickstart: from another folder" "The report: $clone/results/quickstart/report.html"
where=$clone

# ---- ./test -----------------------------------------------------------------------------------------------------

# projects NAME...: the clone has these test projects, and the solution knows them.
projects() {
    local name
    rm -rf "$clone"/tests/*.Tests
    : >"$clone/DistillSharp.slnx"
    for name in "$@"; do
        mkdir -p "$clone/tests/$name.Tests"
        echo "<Project Path=\"tests/$name.Tests/$name.Tests.csproj\" />" >>"$clone/DistillSharp.slnx"
    done
}

projects Good
run in_clone ./test
exits_with "test: all pass" 0
ends_with "test: the sum, with the scripts" "7 passed, 0 failed"
run in_clone bash .ci/run
ends_with "CI: the same last line" "7 passed, 0 failed"

projects Good Skips
run in_clone ./test
ends_with "test: skips are in the sum" "8 passed, 0 failed, 2 skipped"

projects Bad Good
run in_clone ./test
exits_with "test: a failure fails" 1
says "test: a failure is shown" "It.Should_hold [FAIL]"
ends_with "test: a failure does not stop the others" "10 passed, 2 failed"

projects Crash Good
run in_clone ./test
exits_with "test: a crash fails" 1
says "test: a crash is named" "Crash.Tests was ended by signal SEGV"
ends_with "test: a crash counts once and stops nothing" "7 passed, 1 failed"

projects Late Good
run in_clone ./test
says "test: a crash after the last test is named" "Late.Tests was ended by signal ABRT (exit code 134) although its tests passed"
ends_with "test: and counts" "11 passed, 1 failed"

projects Silent Empty Cleanup Good
run in_clone ./test
says "test: no results: named" "Silent.Tests ended with exit code 0 before it gave its results"
says "test: no tests: named" "Empty.Tests ran no test"
ends_with "test: all of those count, and so does an error outside a test" "8 passed, 3 failed"

projects Unbuilt Good
mkdir -p "$clone/tests/Forgotten.Tests"
run in_clone ./test
says "test: not built: named" "Unbuilt.Tests: the build made no"
says "test: not in the solution: named" "Forgotten.Tests is not in DistillSharp.slnx"
ends_with "test: both count" "7 passed, 2 failed"

projects Hang Good
variables=(DISTILLSHARP_TEST_TIMEOUT=0.3)
run in_clone ./test
says "test: a hang is named" "Hang.Tests did not finish within 0.3 s"
ends_with "test: a hang counts" "7 passed, 1 failed"
variables=()

variables=(BUILD_FAILS=1)
run in_clone ./test
exits_with "test: a failed build fails" 1
says "test: a failed build shows the error" "error CS1002"
ends_with "test: a failed build runs nothing old" "2 passed, 1 failed"
variables=()

projects Good Skips
run in_clone ./test Skips
ends_with "test: one project" "1 passed, 0 failed, 2 skipped"
run in_clone ./test scripts
ends_with "test: the scripts alone" "2 passed, 0 failed"
run in_clone ./test Nothing
exits_with "test: an unknown project" 64
: >"$calls"
run in_clone ./test Good --filter Some
is_equal "test: a filter is passed on" "$(grep -c -- '-method \*Some\*' "$calls")" 1
run in_clone ./test --wrong
exits_with "test: an unknown option" 64

echo 'exit 3' >"$clone/tests/scripts/broken.sh"
run in_clone ./test scripts
says "test: a script test that breaks off is named" "tests/scripts/broken.sh ended with exit code 3 and gave no sum"
ends_with "test: and counts" "2 passed, 1 failed"

checks_done
