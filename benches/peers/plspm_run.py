"""CPU seconds that Python's plspm needs for a number of bootstrap resamples of a model file (one process)."""

import re
import resource
import sys
import warnings

warnings.filterwarnings("ignore")

import pandas
import plspm.config as config
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scheme import Scheme


def cpu():
    """Of this process and of the workers that have ended: plspm draws its resamples in those."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def read(path):
    blocks, paths = {}, []
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if match := re.match(r"(\w+)\s*=~\s*(.+)", line):
            blocks[match[1]] = [item.strip() for item in match[2].split("+")]
        elif match := re.match(r"(\w+)\s*~\s*(.+)", line):
            paths.append((match[1], [name.strip().split("*")[-1] for name in match[2].split("+")]))
    return blocks, paths


def main():
    model, data, resamples = sys.argv[1], sys.argv[2], int(sys.argv[3])
    blocks, paths = read(model)
    answers = pandas.read_csv(data)[[item for items in blocks.values() for item in items]].astype(float)
    answers = answers.fillna(answers.mean())
    structure = config.Structure()
    for outcome, predictors in paths:
        structure.add_path(predictors, [outcome])
    settings = config.Config(structure.path(), scaled=True)
    for name, items in blocks.items():
        settings.add_lv(name, Mode.A, *[config.MV(item) for item in items])

    def run(bootstrap):
        start = cpu()
        Plspm(
            answers, settings, Scheme.PATH, iterations=300, tolerance=1e-7,
            bootstrap=bootstrap, bootstrap_iterations=resamples, processes=1,
        )
        return cpu() - start

    print(max(run(True) - run(False), 0.0))


if __name__ == "__main__":
    main()
