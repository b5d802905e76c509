"""The packages: every folder of the three rooms, and data/sample and docs/zh, which ride along under names of their own."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["survey*", "analysis*", "dashboard*"]), "xingfu_sample", "xingfu_manual"])
