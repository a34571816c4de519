"""Applications and official acts: steps and clocks as data, terms asked of law; each end writes a register entry."""
