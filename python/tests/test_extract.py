"""One article: what it says, and what is wrong with it."""

import dataclasses
import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, List, Union

import pytest

import youcheng

SENTENCE = "2003年5月,苏州市与日本池田市缔结友好城市。"
PAGE = """<html><head><title>两地结好</title></head><body><nav>首页</nav><h1>两地结好</h1>
<p>2003年5月,苏州市与日本池田市缔结友好城市(yǒuhǎochéngshì)。双方商定每年互派青年代表团访问。</p>
</body></html>"""


def test_text_and_page_say_the_same_tie() -> None:
    for article in (youcheng.extract(SENTENCE), youcheng.extract(html=PAGE)):
        (tie,) = article.agreements
        assert (tie.a.name, tie.a.country, tie.b.name, tie.b.country) == ("苏州市", "CN", "池田市", "JP")
        assert tie.date is not None and tie.date.edtf == "2003-05"
        quote = tie.evidence.quote
        assert article.text[tie.evidence.start : tie.evidence.end] == quote


def test_the_dictionary_is_the_json() -> None:
    article = youcheng.extract(SENTENCE, title="结好", url="https://a.example/1", published="2003-06")
    data = article.to_dict()
    assert json.loads(article.to_json()) == data
    assert data["source"]["url"] == article.source.url == "https://a.example/1"
    assert data["published"] == article.published == "2003-06"
    assert [place["name"] for place in data["places"]] == [it.name for it in article.places]


def test_objects_have_all_fields_of_the_json() -> None:
    text = (
        "2016年4月6日下午，山东省聊城市市长宋军继与匈牙利帕克斯市市长苏利在布达佩斯签署了《友好合作备忘录》，"
        "双方将在经贸、旅游等领域开展合作。目前聊城市已与5个国家的12个城市结好。"
    )

    def compare(node: Any, data: Any, at: str) -> None:
        if isinstance(data, dict):
            names = {it.name.rstrip("_") for it in dataclasses.fields(node)}
            assert data.keys() <= names, at
            for name, value in data.items():
                given = getattr(node, name, getattr(node, f"{name}_", None))
                compare(given, value, f"{at}.{name}")
        elif isinstance(data, list) and data and isinstance(data[0], dict):
            for one, other in zip(node, data):
                compare(one, other, at)
        elif not isinstance(data, list):
            assert node == data, at

    article = youcheng.extract(text, words=True)
    assert article.agreements and article.statistics
    compare(article, article.to_dict(), "article")


def test_what_is_too_long_is_refused_at_once() -> None:
    with pytest.raises(youcheng.ReadError, match="more than the limit"):
        youcheng.extract("友" * 40_000_000)


def test_days_may_be_dates_of_python() -> None:
    given: List[Union[str, datetime.date]] = [datetime.date(2025, 5, 23), "2025年5月23日"]
    given.append(datetime.datetime(2025, 5, 23, 8))
    for day in given:
        assert [it.edtf for it in youcheng.dates("昨天", published=day)] == ["2025-05-22"]


def test_words_come_when_asked_for() -> None:
    article = youcheng.extract("苏州市代表团来访。", words=True)
    assert article.words is not None
    assert "".join(article.text[start:end] for start, end, _ in article.words).startswith("苏州市")
    assert youcheng.extract("苏州市代表团来访。").words is None


def test_a_notebook_shows_the_marked_text_and_nothing_of_it_is_markup() -> None:
    article = youcheng.extract(SENTENCE + "<script>alert(1)</script>", title="<b>结好</b>")
    page = article._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "<b><b>" not in page
    assert "<mark" in page and "池田市</mark>" in page and "sister-city" in page


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(youcheng.ReadError, match="empty"):
        youcheng.extract(" ")
    with pytest.raises(youcheng.ReadError, match="surrogate"):
        youcheng.extract("\ud800")
    with pytest.raises(youcheng.ReadError, match="deep"):
        youcheng.extract(html="<div>" * 3000)
    with pytest.raises(ValueError, match="published: .2025-13-99. is no date"):
        youcheng.extract(SENTENCE, published="2025-13-99")
    with pytest.raises(ValueError, match="either text or html"):
        youcheng.extract()
    with pytest.raises(TypeError, match="title: expected a string, got int"):
        youcheng.extract(SENTENCE, title=7)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ISO 3166-1"):
        youcheng.place("大阪市", country="Japan")


def test_cleaning_tells_what_it_did() -> None:
    cleaned = youcheng.clean(html=PAGE)
    assert "yǒu" not in cleaned.text and str(cleaned) == cleaned.text
    assert "pinyin" in {edit.why for edit in cleaned.edits}
    assert cleaned.passages[0].kind == "headline"


def test_the_command_is_that_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, "utf-8")
    call = [sys.executable, "-m", "youcheng"]
    done = subprocess.run([*call, "extract", "a.txt"], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["agreements"][0]["b"]["name"] == "池田市"
    failed = subprocess.run([*call, "extract", "--nonsense"], capture_output=True)
    assert failed.returncode == 2 and b"--nonsense" in failed.stderr
    skipped = subprocess.run([*call, "extract", "nowhere.txt"], cwd=tmp_path, capture_output=True)
    assert skipped.returncode in (1, 2) and b"nowhere.txt" in skipped.stderr


def test_threads_share_one_load() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(youcheng.extract, [SENTENCE] * 64))
    assert all(article == found[0] for article in found)
