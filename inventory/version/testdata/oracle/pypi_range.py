"""Looks for a version in a specifier set: both are in a line, in hexadecimal."""

import sys

from packaging.specifiers import SpecifierSet


def contains(line):
    try:
        text, version = (bytes.fromhex(word).decode() for word in line.rstrip("\n").split(" "))
        specifiers = SpecifierSet(text)
        # contains asks them in the order of a set, up to the first that admits
        # pre-releases, and fails if it meets a === of what is no version.
        for one in specifiers:
            one.prereleases
        return "i" if specifiers.contains(version) else "o"
    except ValueError:
        return "!"


for line in sys.stdin:
    print(contains(line))
