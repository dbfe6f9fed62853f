#!/usr/bin/env python3
"""Checks the committed place tables: what the program relies on, said once, with file and line on violation.

    python3 gazetteer/check.py [FOLDER]

Exit code 0 when all holds, 1 otherwise.
"""
import json
import os
import re
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
LEVELS = {'country', 'province', 'prefecture', 'county', 'adm2', 'city', 'town', 'island', 'district'}
NAME_KINDS = {'full', 'short', 'alias', 'former', 'news'}
COUNTRY_KINDS = {'full', 'short', 'news', 'taiwan', 'former', 'constituent', 'abbreviation', 'ambiguous'}
HEADERS = {
    'places.tsv': 'id country level parent name latin lat lon geonames iso gb qid population',
    'names.tsv': 'name id kind',
    'countries.tsv': 'name code kind',
    'translit.tsv': 'char count',
    'common_words.tsv': 'name tag frequency note',
    'transliteration.tsv': 'country char letters cost',
}
HAN = r'[\u3400-\u4dbf\u4e00-\u9fff\u3007]'
NAME = re.compile(f'^{HAN}+(?:[·-]{HAN}+)*$')
COUNTRY_NAME = re.compile(f'^{HAN}+(?:[·、-]{HAN}+)*(?:[（(]{HAN}+[)）]{HAN}*)?$')
ID = re.compile(f'^(gn:[1-9]\\d*|iso:[A-Z]{{2}}-[A-Z0-9]{{1,3}}|gb:\\d{{6}}|cc:[A-Z]{{2}}|cc:[A-Z]{{4}}|x:[A-Z]{{2}}:{HAN}+)$')
problems = 0


def problem(table, line, message):
    global problems
    problems += 1
    print(f'{os.path.join(FOLDER, table)}:{line}: {message}')


def read(table):
    """Rows with their line numbers; the form of the file is checked on the way."""
    header = HEADERS[table].split()
    with open(os.path.join(FOLDER, table), 'rb') as f:
        data = f.read()
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError as e:
        problem(table, data[:e.start].count(b'\n') + 1, 'not UTF-8')
        return []
    if not text.endswith('\n'):
        problem(table, text.count('\n') + 1, 'no newline at the end')
    lines = text.split('\n')[:-1]
    if lines[:1] != ['\t'.join(header)]:
        problem(table, 1, 'wrong header')
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if re.search(r'[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff\ufffd"]', line):
            problem(table, number, 'forbidden character')
        cells = line.split('\t')
        if len(cells) != len(header):
            problem(table, number, f'{len(cells)} cells, not {len(header)}')
            continue
        if any(c != c.strip() for c in cells):
            problem(table, number, 'space around a cell')
        rows.append((number, dict(zip(header, cells))))
    return rows


def is_sorted(table, rows, key):
    last = None
    for number, row in rows:
        now = key(row)
        if last is not None and now <= last:
            problem(table, number, 'not sorted' if now < last else 'twice')
        last = now


def check_places(rows, codes):
    is_sorted('places.tsv', rows, lambda r: r['id'])
    places = {r['id']: (n, r) for n, r in rows}
    unique = {'geonames': {}, 'gb': {}}
    for number, r in rows:
        say = lambda message: problem('places.tsv', number, f'{r["id"]}: {message}')
        if not ID.match(r['id']):
            say('malformed id')
        if r['level'] not in LEVELS:
            say(f'unknown level {r["level"]!r}')
        if r['country'] not in codes:
            say(f'unknown country {r["country"]!r}')
        if not (COUNTRY_NAME if r['level'] == 'country' else NAME).match(r['name']):
            say(f'malformed name {r["name"]!r}')
        if (r['level'] == 'country') != r['id'].startswith('cc:') or (r['level'] == 'country') != (r['parent'] == ''):
            say('a country, and only a country, has a cc: id and no parent')
        if r['parent']:
            seen, at = {r['id']}, r['parent']
            while at:
                if at in seen:
                    say('its parents go in a circle')
                    break
                if at not in places:
                    say(f'no such parent {at}')
                    break
                seen.add(at)
                at = places[at][1]['parent']
            parent = places.get(r['parent'])
            if parent and parent[1]['country'] != r['country']:
                say(f'its parent {r["parent"]} is in {parent[1]["country"]}')
        if (r['lat'] == '') != (r['lon'] == ''):
            say('half a position')
        elif r['lat']:
            if not all(re.match(r'^-?\d{1,3}\.\d{4,5}$', r[c]) for c in ('lat', 'lon')):
                say('a position has 4 or 5 decimals')
            elif abs(float(r['lat'])) > 90 or abs(float(r['lon'])) > 180 or r['lat'] == r['lon'] == '0.00000':
                say('position out of range')
        for column, form in (('geonames', r'\d+'), ('gb', r'\d{6}'), ('qid', r'Q\d+'), ('population', r'\d+')):
            if r[column] and not re.match(f'^{form}$', r[column]):
                say(f'malformed {column}')
        if r['id'].startswith('gn:') and r['id'] != 'gn:' + r['geonames']:
            say('id and GeoNames id differ')
        if r['id'].startswith('gb:') and r['id'] != 'gb:' + r['gb']:
            say('id and GB/T 2260 code differ')
        for column, known in unique.items():
            if r[column]:
                if r[column] in known:
                    say(f'{column} {r[column]} is also that of {known[r[column]]}')
                known[r[column]] = r['id']
    return places


def check_names(rows, places):
    is_sorted('names.tsv', rows, lambda r: (r['name'], r['id']))
    named = set()
    for number, r in rows:
        if not NAME.match(r['name']) or len(re.findall(HAN, r['name'])) < 2:
            problem('names.tsv', number, f'malformed name {r["name"]!r}')
        if r['id'] not in places:
            problem('names.tsv', number, f'no such place {r["id"]}')
        if r['kind'] not in NAME_KINDS:
            problem('names.tsv', number, f'unknown kind {r["kind"]!r}')
        named.add((r['id'], r['name']))
    for id, (number, r) in places.items():
        if r['level'] != 'country' and (id, r['name']) not in named:
            problem('places.tsv', number, f'{id}: its name {r["name"]!r} is not in names.tsv')


def check_countries(rows, places):
    is_sorted('countries.tsv', rows, lambda r: (r['name'], r['code'], r['kind']))
    kinds = {}
    for number, r in rows:
        if 'cc:' + r['code'] not in places:
            problem('countries.tsv', number, f'unknown code {r["code"]!r}')
        if r['kind'] not in COUNTRY_KINDS:
            problem('countries.tsv', number, f'unknown kind {r["kind"]!r}')
        if not COUNTRY_NAME.match(r['name']):
            problem('countries.tsv', number, f'malformed name {r["name"]!r}')
        if len(r['name']) == 1 and r['kind'] not in ('abbreviation', 'ambiguous'):
            problem('countries.tsv', number, 'one character is no name')
        kinds.setdefault(r['code'], set()).add(r['kind'])
    for id, (number, r) in places.items():
        code = id[3:]
        if id.startswith('cc:') and len(code) == 2 and not {'full', 'short'} <= kinds.get(code, set()):
            problem('places.tsv', number, f'{id} lacks a full or a short name in countries.tsv')


def check_rest(tables):
    is_sorted('translit.tsv', tables['translit.tsv'], lambda r: (-int(r['count']), r['char']))
    for number, r in tables['translit.tsv']:
        if not re.match(f'^{HAN}$', r['char']):
            problem('translit.tsv', number, 'not one Chinese character')
    is_sorted('common_words.tsv', tables['common_words.tsv'], lambda r: r['name'])
    known = {r['name'] for t in ('names.tsv', 'countries.tsv') for _, r in tables[t]}
    for number, r in tables['common_words.tsv']:
        if r['name'] not in known:
            problem('common_words.tsv', number, f'{r["name"]} is no name of the tables')
        if not r['frequency'].isdigit():
            problem('common_words.tsv', number, 'frequency is no number')
    with open(os.path.join(FOLDER, 'manifest.json'), encoding='utf-8') as f:
        manifest = json.load(f)
    for table, rows in tables.items():
        if manifest['rows'].get(table) != len(rows):
            problem('manifest.json', 1, f'{table} has {len(rows)} rows, not {manifest["rows"].get(table)}')
    for p in manifest['packages']:
        if not re.match(r'^[0-9a-f]{64}$', p['sha256']) or not p['licence'] or not p['version']:
            problem('manifest.json', 1, f'{p["name"]}: incomplete')


def check_link(rows):
    seen = set()
    for n, r in rows:
        if not re.match(r'^(\*|[A-Z]{2})$', r['country']) or len(r['char']) != 1 \
                or not re.match(r'^[a-z]{0,6}$', r['letters']) or not re.match(r'^\d{1,4}$', r['cost']):
            problem('transliteration.tsv', n, 'no row of the model')
        if (r['country'], r['char'], r['letters']) in seen:
            problem('transliteration.tsv', n, 'there twice')
        seen.add((r['country'], r['char'], r['letters']))
    with open(os.path.join(FOLDER, 'latin.bin'), 'rb') as f:
        head = f.read(22)
    with open(os.path.join(FOLDER, 'manifest.json'), encoding='utf-8') as f:
        records = json.load(f)['records']['latin.bin']
    if head[:4] != b'YCL1' or int.from_bytes(head[6:10], 'little') != records:
        problem('latin.bin', 1, f'has not the {records} records of the manifest')


def main():
    tables = {table: read(table) for table in HEADERS}
    codes = {r['id'][3:] for _, r in tables['places.tsv'] if re.match(r'^cc:[A-Z]{2}$', r['id'])}
    places = check_places(tables['places.tsv'], codes)
    check_names(tables['names.tsv'], places)
    check_countries(tables['countries.tsv'], places)
    check_rest(tables)
    check_link(tables['transliteration.tsv'])
    size = sum(os.path.getsize(os.path.join(FOLDER, t)) for t in HEADERS)
    if size > 12_000_000:
        problem('places.tsv', 1, f'the tables have {size} bytes, more than 12 MB')
    print('; '.join(f'{t} {len(r)}' for t, r in tables.items()), f'; {size} bytes; {problems} problems')
    sys.exit(1 if problems else 0)


main()
