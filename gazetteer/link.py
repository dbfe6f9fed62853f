#!/usr/bin/env python3
"""Learns how Chinese spells foreign names, and packs the Latin names of GeoNames for the linker.

    python3 gazetteer/link.py [--work DIR] [--out DIR] [--hold-out N]

Reads the tables that build.py wrote and the same pinned packages. Writes transliteration.tsv, the model, and
latin.bin, the records. With --hold-out N every N-th place is kept out of the learning and listed, with what
it should be linked to, in held_out.tsv: examples/link.rs measures with it. README.md describes the files.
"""
import argparse
import collections
import hashlib
import itertools
import json
import math
import os
import re
import shutil
import struct
import tempfile
import unicodedata

import build

# Names there are written with their own characters: nothing is transliterated.
OWN_CHARACTERS = build.EAST_ASIA - {'SG'}
LONGEST = 6       # letters that one character may stand for
ROUNDS = 6
FLOOR = 2e-4      # what is rarer than this is left out of the model
SHARE = 30.0      # how many characters of evidence a country's own habits need to count half

UNITS_LATIN = set('''city county district province region state municipality metropolitan borough royal of the oblast oblysy
oblys kray krai rayon raion department departamento departement governorate prefecture and distrito municipio provincia
comuna commune arrondissement kreis landkreis powiat gmina okres kraj obec opstina opcina grad zupanija judetul judet
kabupaten kota changwat amphoe khet audany qalasy aymag aimag tuman tumani shahri viloyati rajon raionul okrug urban
rural local council area township parish canton kanton cercle wilaya muhafazat mintaqat qada shahrestan ostan ili ilcesi
il fylke kommune kommun lan obshtina oblastna concelho freguesia estado regiao regione voblast gorod autonomous republic
respublika respublikasy division special capital unitary authority shire'''.split())


def plain(name):
    """Latin letters without marks; what has no letter of its own goes."""
    name = name.lower().translate(build_letters)
    name = ''.join(c for c in unicodedata.normalize('NFKD', name) if not unicodedata.combining(c))
    return name


build_letters = str.maketrans({'ø': 'o', 'ł': 'l', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ı': 'i', 'ə': 'a', 'ß': 'ss', 'æ': 'ae', 'œ': 'oe',
                               'ħ': 'h', 'ŋ': 'ng', 'ʻ': '', '‘': '', '’': '', "'": '', 'ʼ': '', '`': ''})


def key(name):
    """The letters of a name without the words that say what kind of unit it is."""
    name = plain(name.split(' / ')[0].split('(')[0])
    words = [w for w in re.split(r'[^a-z]+', name) if w]
    kept = [w for w in words if w not in UNITS_LATIN]
    return ''.join(kept or words)


def stem(name):
    short = build.stem(name, 'province')
    return re.sub(r'[·-]', '', short or name)


# ---------------------------------------------------------------------------------------------- learning

def pairs(folder):
    """(Chinese stem, Latin key, country, GeoNames id) of the listed places abroad."""
    places = {p['id']: p for p in build.read_tsv(os.path.join(folder, 'places.tsv'))}
    found = set()
    for row in build.read_tsv(os.path.join(folder, 'names.tsv')):
        p = places[row['id']]
        if p['country'] in OWN_CHARACTERS or p['level'] == 'country' or not p['latin'] or not p['geonames']:
            continue
        z, e = stem(row['name']), key(p['latin'])
        if 2 <= len(z) <= 10 and len(e) >= 3 and len(z) * 0.8 <= len(e) <= len(z) * 5:
            found.add((z, e, p['country'], int(p['geonames']), row['kind']))
    return sorted(found)


def expect(z, e, weights):
    """Forward and backward over all ways to cut e into one piece for each character of z."""
    m, l = len(z), len(e)
    ahead = [[0.0] * (l + 1) for _ in range(m + 1)]
    ahead[0][0] = 1.0
    arcs = []
    for i in range(m):
        of, row, after = weights(z[i]), ahead[i], ahead[i + 1]
        for j in range(l + 1):
            a = row[j]
            if a:
                for k in range(min(LONGEST, l - j) + 1):
                    w = of(e[j:j + k])
                    if w:
                        after[j + k] += a * w
                        arcs.append((i, j, k, a * w))
    total = ahead[m][l]
    if total < 1e-40:
        return None
    behind = [[0.0] * (l + 1) for _ in range(m + 1)]
    behind[m][l] = 1.0
    out = []
    for i, j, k, w in reversed(arcs):
        b = behind[i + 1][j + k]
        if b:
            behind[i][j] += w / ahead[i][j] * b
            out.append((z[i], e[j:j + k], w * b / total))
    return total, out


def learn(examples, rounds=ROUNDS):
    """character -> {letters: probability}, and the counts by country of the last round."""
    prior = [0.02, 0.12, 0.38, 0.3, 0.13, 0.04, 0.01]
    table = None
    for n in range(rounds):
        counts = collections.defaultdict(lambda: collections.defaultdict(float))
        by_country = collections.defaultdict(lambda: collections.defaultdict(float))
        seen, likelihood = 0, 0.0
        for z, e, country in examples:
            if table is None:
                weights = lambda c: lambda s: prior[len(s)]
            else:
                def weights(c):
                    of = table.get(c, {})
                    return lambda s: of.get(s) or (1e-6 if len(s) < 4 else 0)
            got = expect(z, e, weights)
            if not got:
                continue
            seen += 1
            likelihood += math.log(got[0])
            for c, s, w in got[1]:
                counts[c][s] += w
                if n == rounds - 1:
                    by_country[country, c][s] += w
        table = {}
        for c, of in counts.items():
            total = sum(of.values())
            table[c] = {s: w / total for s, w in of.items() if w / total >= (1e-5 if n < rounds - 1 else FLOOR)}
        print('round', n, 'pairs', seen, 'log-likelihood', round(likelihood / max(1, seen), 3),
              'entries', sum(map(len, table.values())), flush=True)
    return table, by_country


# ---------------------------------------------------------------------------------------------- records

Record = collections.namedtuple('Record', 'country key name gid lat lon population adm1 level')


def gather(sources):
    """One record for each settlement and unit abroad, and the first-level units of each country."""
    s, records, first = sources, [], collections.defaultdict(dict)

    def top(i):
        while i and s.subs[i].level > 1 and s.subs[i].parent:
            i = s.subs[i].parent
        return i if i and s.subs[i].level == 1 else 0

    def number(country, i):
        gid = s.subs[i].gid if i else 0
        return first[country].setdefault(gid, len(first[country]) + 1) if gid else 0
    for i in range(1, len(s.subs)):
        sub = s.subs[i]
        if not sub.gid or sub.country in OWN_CHARACTERS or sub.level not in (1, 2) or not key(sub.name):
            continue
        seat = s.seat.get(i)
        lat, lon = seat[1:] if seat else ('', '')
        records.append(Record(sub.country, key(sub.name), sub.name, sub.gid, lat, lon, seat[0][0] if seat else 0,
                              number(sub.country, top(i)), sub.level))
    for gid in sorted(s.cities):
        c = s.cities[gid]
        if c['countrycode'] in OWN_CHARACTERS or not key(c['name']):
            continue
        subs = s.city_subs.get(gid, [])
        adm1 = next((top(i) for i in subs if top(i)), 0)
        records.append(Record(c['countrycode'], key(c['name']), c['name'], gid, c['latitude'], c['longitude'],
                              c['population'], number(c['countrycode'], adm1), 0))
    records.sort(key=lambda r: (r.country, r.key, r.gid))
    return records, first


def pack(records, first):
    """The bytes of latin.bin; README.md says what they are."""
    countries = sorted({r.country for r in records})
    directory, heads, keys, names = b'', b'', bytearray(), bytearray()
    for country, of in itertools.groupby(records, key=lambda r: r.country):
        of = list(of)
        units = [gid for gid, n in sorted(first[country].items(), key=lambda x: x[1])]
        directory += country.encode() + struct.pack('<HIII', len(units), len(of), len(keys), len(names))
        for gid in units:
            heads += struct.pack('<I', gid)
        last = ''
        for r in of:
            same = 0
            while same < min(len(last), len(r.key), 255) and last[same] == r.key[same]:
                same += 1
            tail = r.key[same:].encode()[:255]
            keys += bytes([same, len(tail)]) + tail
            last = r.key
            # A name that is its own key with a capital letter need not be written twice.
            name = b'' if r.name == r.key.capitalize() else r.name.encode()[:255]
            names += bytes([len(name)]) + name
    columns = [b''.join(struct.pack('<I', r.gid) for r in records)]
    degree = lambda x: 0x7fff if x in ('', None) else round(float(x) * 100)
    columns.append(b''.join(struct.pack('<hh', degree(r.lat), degree(r.lon)) for r in records))
    columns.append(bytes(min(255, round(8 * math.log2(1 + r.population))) for r in records))
    columns.append(bytes(r.level for r in records))
    columns.append(b''.join(struct.pack('<H', r.adm1) for r in records))
    head = b'YCL1' + struct.pack('<HIIII', len(countries), len(records), len(heads) // 4, len(keys), len(names))
    return head + directory + heads + bytes(keys) + bytes(names) + b''.join(columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--work', help='folder for the packages (default: a temporary one)')
    parser.add_argument('--out', default=build.HERE, help='folder for the tables (default: beside this script)')
    parser.add_argument('--hold-out', type=int, default=0, metavar='N', help='keep every N-th place for measuring')
    args = parser.parse_args()
    work = os.path.abspath(args.work or tempfile.mkdtemp(prefix='gazetteer-'))
    os.makedirs(work, exist_ok=True)
    try:
        at = {p.name: build.unpack(p, build.fetch(p, work), os.path.join(work, 'unpacked')) for p in build.PACKAGES}
        run(build.Sources(at), args.out, args.hold_out)
    finally:
        if not args.work:
            shutil.rmtree(work, ignore_errors=True)


def run(sources, out, hold_out):
    records, first = gather(sources)
    all_pairs = pairs(build.HERE)
    held = set()
    if hold_out:
        held = {p[3] for p in all_pairs if int(hashlib.sha256(str(p[3]).encode()).hexdigest(), 16) % hold_out == 0}
    examples = sorted({p[:3] for p in all_pairs if p[3] not in held})
    table, by_country = learn(examples)
    rows = [('*', c, s, round(-100 * math.log(p))) for c, of in table.items() for s, p in of.items()]
    for (country, c), of in by_country.items():
        total = sum(of.values())
        if total < 5 or c not in table:
            continue
        for s in set(of) | set(table[c]):
            base = table[c].get(s, 0)
            p = (of.get(s, 0) + SHARE * base) / (total + SHARE)
            # Only what a country does clearly more often than others.
            if of.get(s, 0) >= 1.5 and p > 2 * base and p >= 0.01:
                rows.append((country, c, s, round(-100 * math.log(p))))
    path = lambda name: os.path.join(out, name)
    count = build.write_tsv(path('transliteration.tsv'), ['country', 'char', 'letters', 'cost'], sorted(rows))
    data = pack(records, first)
    with open(path('latin.bin.new'), 'wb') as f:
        f.write(data)
    os.replace(path('latin.bin.new'), path('latin.bin'))
    print(f'transliteration.tsv\t{count}\nlatin.bin\t{len(records)} records, {len(data)} bytes')
    if hold_out:
        of = {r.gid: r for r in records}
        unit = {(country, n): gid for country, units in first.items() for gid, n in units.items()}
        rows = set()
        for z, _, country, gid, _ in all_pairs:
            if gid in held and gid in of:
                r = of[gid]
                rows.add((country, z, gid, r.level, unit.get((country, r.adm1), ''), r.lat, r.lon))
        rows = sorted(rows)
        build.write_tsv(path('held_out.tsv'), ['country', 'name', 'geonames', 'level', 'unit', 'lat', 'lon'], rows)
        print('held_out.tsv', len(rows))
    else:
        manifest = path('manifest.json')
        if os.path.exists(manifest):
            m = json.load(open(manifest, encoding='utf-8'))
            m['rows']['transliteration.tsv'] = count
            m['records'] = {'latin.bin': len(records)}
            build.write_atomically(manifest, json.dumps(m, ensure_ascii=False, indent=2, sort_keys=True) + '\n')


if __name__ == '__main__':
    main()
