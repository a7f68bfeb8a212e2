"""Poses, conditions, the scene, the backends that draw it."""
