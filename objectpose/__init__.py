"""ObjectPose: how much worse does an image classifier get when an object is not upright?"""

__version__ = "0.1.0"
