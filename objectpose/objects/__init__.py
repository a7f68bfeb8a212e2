"""The catalogue: the modelling kit, procedural objects, target sets."""
