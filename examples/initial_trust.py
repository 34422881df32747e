"""From survey to verdicts, hypotheses and a figure: the twin of initial_trust.rs.

Run from the top folder after `pip install ./python`.
"""

import trustpath as tp

# Every construct is measured by `=~`: consistent PLS takes that as a common factor.
fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv", consistent=True)
print(fit.tables["verdicts"])
print(fit.tables["reliability"])

boot = fit.bootstrap(resamples=1_000, seed=42)
print(boot.paths)
print(boot.specific_indirect_effects)

boot.diagram().save("diagram.svg")
