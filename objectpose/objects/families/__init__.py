"""The objects, one module a family of things: each function maps a seed to a mesh."""
