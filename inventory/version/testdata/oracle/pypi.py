"""Compares two versions a line, in hexadecimal; what is no UTF-8 is no str."""

import sys

from packaging.version import Version


def compare(line):
    try:
        a, b = (Version(bytes.fromhex(word).decode()) for word in line.split())
    except ValueError:
        return "!"
    return "<" if a < b else ">" if a > b else "="


for line in sys.stdin:
    print(compare(line))
