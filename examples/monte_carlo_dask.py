"""A Monte-Carlo study on a Dask cluster: how often would 300 respondents find the paths of initial trust?

Run from the top folder after `pip install "./python[cluster]"`. `Client()` starts a cluster of this machine's cores; `Client("tcp://…")`
joins one that runs already, where the package must be installed. The numbers are those of `study.run()` on one machine, bit for bit.
"""

import trustpath as tp
from dask.distributed import Client


def main(replications: int = 200, resamples: int = 500, workers: int | None = None) -> "tp.study.MonteCarloResult":
    study = tp.monte_carlo(
        "initial-trust", n=300, replications=replications, resamples=resamples, seed=2026, consistent=True
    )
    # One thread per worker: the replications are what runs side by side.
    with Client(n_workers=workers, threads_per_worker=1, dashboard_address=None) as client:
        client.run(tp.set_threads, 1)
        parts = client.gather(client.map(study.run_shard, study.shards(size=10)))
    return study.combine(parts)


if __name__ == "__main__":
    result = main()
    print(result)
    print("without an estimate:", result.failures or "none")
