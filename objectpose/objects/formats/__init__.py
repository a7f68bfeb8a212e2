"""Readers of mesh files, one module a format, and what they share: pictures, polygons, the surface they return."""
