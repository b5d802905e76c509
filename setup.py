"""The packages: every folder of the three rooms, and data/sample, which rides along under a name of its own."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["survey*", "analysis*", "dashboard*"]), "xingfu_sample"])
