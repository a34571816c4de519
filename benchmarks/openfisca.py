"""OpenFisca beside: the three small taxes of its country template for many persons over twelve months.

python benchmarks/openfisca.py PERSONS     with a Python that has OpenFisca and its country template; prints JSON

It is another country's law, smaller than ours, in 32-bit floating point: an order of magnitude, no result to compare.
"""

from __future__ import annotations

import json
import resource
import sys
import time


def main() -> int:
    persons = int(sys.argv[1])
    try:
        import numpy as np
        from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]
        from openfisca_country_template import CountryTaxBenefitSystem  # type: ignore[import-not-found]
    except ImportError as error:
        print(json.dumps({"failed": f"not installed here: {error.name}"}))
        return 0
    dice = np.random.default_rng(7)
    salary = np.exp(dice.normal(8, 1, persons)).astype(np.float32)
    simulation = SimulationBuilder().build_default_simulation(CountryTaxBenefitSystem(), count=persons)
    months = [f"2017-{month:02}" for month in range(1, 13)]
    start = time.process_time()
    for month in months:
        simulation.set_input("salary", month, salary)
    total = sum(int(simulation.calculate("total_taxes", month).sum()) for month in months)
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"persons": persons, "cpu": cpu, "peak_kib": peak, "sum": total}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
