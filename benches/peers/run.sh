#!/usr/bin/env bash
# The example's bootstrap in every peer that is installed here: same model, same answers (missing ones at the mean), one run
# per program, CPU seconds per 1,000 resamples and their ratio to trustpath.
#   PEER_RESAMPLES  resamples per run of a peer (default 200); trustpath runs 10,000
#   PEER_PYTHON     a Python that has plspm (default python3)
set -euo pipefail
cd "$(dirname "$0")/../.."
resamples=${PEER_RESAMPLES:-200}
python=${PEER_PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --quiet
binary=${CARGO_TARGET_DIR:-target}/release/trustpath
model=models/initial-trust.sem
data=data/initial-trust.csv

# CPU seconds of a command, smallest of three.
cpu() {
    local best=
    for _ in 1 2 3; do
        local t
        t=$( { TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1 | tail -1 | awk '{print $1 + $2}')
        if [ -z "$best" ] || awk "BEGIN {exit !($t < $best)}"; then best=$t; fi
    done
    echo "$best"
}

ours=$(cpu "$binary" bootstrap "$model" "$data" --resamples 10000)
per=$(awk "BEGIN {printf \"%.4f\", $ours / 10}")
printf '%-24s %14s %10s\n' program 's per 1,000' ratio
printf '%-24s %14s %10s\n' "trustpath (whole run)" "$per" 1

report() { # name, seconds for $resamples resamples
    awk -v n="$1" -v s="$2" -v r="$resamples" -v p="$per" \
        'BEGIN {x = s * 1000 / r; printf "%-24s %14.3f %10.0f\n", n, x, x / p}'
}

if "$python" -c 'import plspm' 2>/dev/null; then
    report "plspm (Python)" "$("$python" benches/peers/plspm_run.py "$model" "$data" "$resamples")"
else
    echo "plspm (Python): not installed"
fi
for package in seminr cSEM; do
    if command -v Rscript >/dev/null && Rscript -e "stopifnot(requireNamespace('$package', quietly = TRUE))" 2>/dev/null; then
        report "$package (R)" "$(Rscript benches/peers/run.R "$package" "$model" "$data" "$resamples")"
    else
        echo "$package (R): not installed"
    fi
done
