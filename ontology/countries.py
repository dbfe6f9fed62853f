#!/usr/bin/env python3
"""Writes countries.ttl, the names of the countries, from gazetteer/places.tsv.

    python3 ontology/countries.py > ontology/countries.ttl
"""
import csv
import pathlib

PLACES = pathlib.Path(__file__).parent.parent / "gazetteer" / "places.tsv"
HEAD = """\
# Made by countries.py from gazetteer/places.tsv: do not edit.
@prefix country: <https://w3id.org/youcheng/country/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


print(HEAD)
with PLACES.open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
        # States of the past carry the code of the one that followed them.
        if row["id"] == "cc:" + row["country"]:
            kind = "AdministrativeArea" if row["country"] in ("HK", "MO", "TW") else "Country"
            names = [text(row["name"]) + "@zh-Hans"]
            if row["latin"]:
                names.append(text(row["latin"]) + "@en")
            print(
                f'country:{row["country"]} a schema:{kind} ; schema:identifier "{row["country"]}" ;'
                f' skos:prefLabel {" , ".join(names)} .'
            )
