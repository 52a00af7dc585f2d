# shellcheck shell=bash
# Small helpers for the tests of the scripts. A test file sources this, makes its checks, and ends with `checks_done`.
set -euo pipefail

# shellcheck disable=SC2034  # the test files use it
repository=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# A space in the path: everything has to stand it.
scratch="$(mktemp -d "${TMPDIR:-/tmp}/distillsharp checks.XXXXXX")"
trap 'rm -rf "$scratch"' EXIT

checks_passed=0
checks_failed=0
output=""
code=0

# run COMMAND...: keeps what it prints in `output` and its exit code in `code`.
run() {
    code=0
    output=$("$@" 2>&1 </dev/null) || code=$?
}

pass() { checks_passed=$((checks_passed + 1)); echo "pass: $1"; }

fail() {
    checks_failed=$((checks_failed + 1))
    echo "FAIL: $1"
    printf '      %s\n' "$2" "exit code $code, and this output:"
    printf '      | %s\n' "${output//$'\n'/$'\n'      | }"
}

exits_with() { if ((code == $2)); then pass "$1"; else fail "$1" "expected exit code $2"; fi; }
says() { if [[ $output == *"$2"* ]]; then pass "$1"; else fail "$1" "expected to read: $2"; fi; }
says_not() { if [[ $output != *"$2"* ]]; then pass "$1"; else fail "$1" "expected not to read: $2"; fi; }
says_nothing() { if [[ -z $output ]]; then pass "$1"; else fail "$1" "expected no output"; fi; }
ends_with() { if [[ ${output##*$'\n'} == "$2" ]]; then pass "$1"; else fail "$1" "expected the last line: $2"; fi; }
is_equal() { if [[ $2 == "$3" ]]; then pass "$1"; else fail "$1" "expected '$3', found '$2'"; fi; }

# stub NAME: a fake command in $stubs with the body from stdin. It notes its name and arguments in $calls.
stub() {
    {
        echo "#!$BASH"
        # shellcheck disable=SC2016  # expanded when the stub runs
        echo 'echo "${0##*/} $*" >>"$calls"'
        cat
    } >"$stubs/$1"
    chmod +x "$stubs/$1"
}

# A closed PATH: only the plain tools that the scripts use, and what `stub` adds.
new_stubs() {
    local tool
    stubs=$scratch/stubs.$RANDOM$RANDOM
    calls=$scratch/calls
    mkdir -p "$stubs"
    : >"$calls"
    for tool in awk bash cat chmod cksum cp dirname env find flock grep head mkdir mktemp mv readlink rm sed sleep sort tail timeout touch true uname; do
        ln -s "$(type -P "$tool")" "$stubs/$tool"
    done
    export stubs calls
}

checks_done() {
    echo "$checks_passed passed, $checks_failed failed"
    exit $((checks_failed > 0))
}
