"""The law of Kazakhstan on digital assets: dated, cited values, small rules, worked examples; nothing else."""
