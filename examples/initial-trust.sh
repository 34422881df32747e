#!/bin/sh
# The same study on the command line. Run from the top folder after `cargo build --release`.
set -eu
trustpath=target/release/trustpath
model=models/initial-trust.sem
data=data/initial-trust.csv

$trustpath check "$model" "$data"
$trustpath fit "$model" "$data" --consistent
$trustpath bootstrap "$model" "$data" --consistent --resamples 1000 --tables paths,specific-indirect-effects
$trustpath plot "$model" "$data" --consistent -o diagram.svg
$trustpath report "$model" "$data" --consistent -o report.html
