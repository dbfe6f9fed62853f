//! What the reader makes of whole pages, records and texts.
#![allow(clippy::unwrap_used)]

use youcheng::{
    article::{Article, BlockKind, Origin},
    notes::Notes,
    read::{Input, Limits, Payload, ReadError, Reader},
};

fn read(payload: Payload) -> Result<(Article, Notes), ReadError> {
    let reader = Reader::new(Limits::default()).unwrap();
    reader.article(Input { source: Default::default(), payload })
}

fn page(html: &str) -> Article {
    read(Payload::Html(html.as_bytes().to_vec())).unwrap().0
}

/// The blocks that are the article, one a line, each with a letter for its kind.
fn blocks(article: &Article) -> Vec<String> {
    let shown = article.layout.iter().filter_map(|block| {
        let kind = match block.kind {
            BlockKind::Title => "T",
            BlockKind::Heading => "H",
            BlockKind::Paragraph => "P",
            BlockKind::ListItem => "L",
            BlockKind::Row { header: true, .. } => "R*",
            BlockKind::Row { header: false, .. } => "R",
            BlockKind::Caption => "C",
            BlockKind::Furniture => return None,
        };
        Some(format!("{kind} {}", article.text.raw()[block.span.range()].trim()))
    });
    shown.collect()
}

#[track_caller]
fn assert_blocks(html: &str, expected: &[&str]) {
    assert_eq!(blocks(&page(html)), expected);
}

const FIRST: &str = "本报讯（记者 李明）青川市与匈牙利松博特市近日签署友好城市协议，双方将在教育、文化、农业等方面开展合作。";
const SECOND: &str =
    "市外办负责人介绍，两市自2019年建立联系以来，互访团组已有十余批，经贸往来日益密切。";

#[test]
fn a_page_of_a_government_site() {
    let html = format!(
        r#"<!DOCTYPE html><html><head><title>青川市与松博特市结为友好城市_青川市人民政府外事办公室</title>
        <meta name="ArticleTitle" content="青川市与松博特市结为友好城市">
        <meta name="PubDate" content="2024-05-13 09:30"><meta name="ContentSource" content="青川日报">
        <style>.a{{}}</style></head><body>
        <div class="header"><ul><li><a href="/">首页</a></li><li><a href="/x">政务公开</a></li></ul></div>
        <div class="bread">当前位置：<a href="/">首页</a> &gt; <a href="/n">外事动态</a> &gt; 正文</div>
        <div class="xl-main"><h1>青川市与松博特市结为友好城市</h1>
        <div class="info"><span>发布时间：2024-05-14</span><span>来源：市外办</span><span>浏览次数：<b>1024</b></span>
        <span>字号：[大 中 小]</span></div>
        <div class="TRS_Editor"><p>　　{FIRST}</p><p style="text-align:center"><img src="a.jpg"></p>
        <p style="text-align:center">签约仪式现场。王刚 摄</p><p>　　{SECOND}</p><p>（责任编辑：赵敏）</p></div>
        <div class="share">分享到：<a href='/s1'>微信</a><a href='/s2'>微博</a></div>
        <div class="xgwz"><h3>相关阅读</h3><ul><li><a href="/1">我市代表团访问日本津山市，与友好城市共商合作</a></li>
        <li><a href="/2">第十届国际友城论坛在青川举行，四十余城代表参加</a></li></ul></div></div>
        <div class="footer"><p>主办单位：青川市人民政府外事办公室　蜀ICP备00000000号</p>
        <p>地址：青川市人民路1号，邮编：600000，电话：0800-1234567</p></div></body></html>"#
    );
    let article = page(&html);
    let (first, second) = (format!("P {FIRST}"), format!("P {SECOND}"));
    assert_eq!(
        blocks(&article),
        ["T 青川市与松博特市结为友好城市", &first, "C 签约仪式现场。王刚 摄", &second,]
    );
    assert_eq!(article.title.as_deref(), Some("青川市与松博特市结为友好城市"));
    let published = article.published.unwrap();
    assert_eq!(
        (published.date.to_string().as_str(), published.origin),
        ("2024-05-13", Origin::Metadata)
    );
    assert_eq!(article.source.publisher.as_deref(), Some("青川日报"));
    assert!(article.text.raw().contains("浏览次数"), "the raw text is all that a browser shows");
}

#[test]
fn a_page_laid_out_with_tables_in_gbk() {
    let html = format!(
        r##"<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>青川新闻网</title></head>
        <body><table width=1000><tr><td><a href=/>首页</a> | <a href=/a>新闻</a> | <a href=/b>外事</a> | <a href=/c>专题</a></td></tr></table>
        <table><tr><td width=200><table><tr><td><a href=1>市领导会见韩国客人</a></td></tr><tr><td><a href=2>友城图片展开幕</a></td></tr></table></td>
        <td><table><tr><td align=center><font size=5><b>青川与松博特结好</b></font></td></tr>
        <tr><td align=center>2008年6月3日 10:21　来源：青川日报　作者：李明</td></tr>
        <tr><td><font size=3>　　{FIRST}<br><br>　　{SECOND}<br></font></td></tr>
        <tr><td align=right>【<a href="#">打印</a>】【<a href="#">关闭</a>】</td></tr></table></td></tr></table>
        <table><tr><td align=center>版权所有：青川新闻网　未经许可不得转载</td></tr></table></body></html>"##
    );
    let bytes = encoding_rs::GB18030.encode(&html).0.into_owned();
    let (article, notes) = read(Payload::Html(bytes)).unwrap();
    let (first, second) = (format!("P {FIRST}"), format!("P {SECOND}"));
    assert_eq!(blocks(&article), ["T 青川与松博特结好", &first, &second]);
    assert_eq!(article.published.unwrap().date.to_string(), "2008-06-03");
    assert_eq!(article.source.publisher.as_deref(), Some("青川日报"));
    assert_eq!(notes.0, []);
}

#[test]
fn an_official_table_of_sister_cities() {
    let html = r#"<html><head><title>青川市国际友好城市一览表-青川市外办</title></head><body>
        <div class="nav"><a href=/>首页</a><a href=/a>外事动态</a><a href=/b>国际友城</a></div>
        <div class="content"><h1>青川市国际友好城市一览表</h1><p>发布日期：2023-03-01　来源：市外办</p>
        <table border=1><caption>截至2023年2月</caption>
        <tr><th>国家</th><th>城市</th><th>结好时间</th></tr>
        <tr><td colspan=3>亚洲</td></tr>
        <tr><td rowspan=2>日本</td><td>津山市</td><td>1987年<br>6月3日</td></tr>
        <tr><td>宇和岛市</td><td>1991.10.8</td></tr>
        <tr><td>韩国</td><td>丽水市</td><td>1995-04-12</td></tr>
        <tr><td colspan=3>欧洲</td></tr>
        <tr><td>匈牙利</td><td>松博特市</td><td></td></tr></table></div>
        <div class="footer">版权所有 青川市外办</div></body></html>"#;
    assert_blocks(
        html,
        &[
            "T 青川市国际友好城市一览表",
            "C 截至2023年2月",
            "R* 国家\t城市\t结好时间",
            "H 亚洲",
            "R 日本\t津山市\t1987年 6月3日",
            "R 日本\t宇和岛市\t1991.10.8",
            "R 韩国\t丽水市\t1995-04-12",
            "H 欧洲",
            "R 匈牙利\t松博特市",
        ],
    );
}

#[test]
fn an_official_list_under_headings() {
    let html = r##"<html><head><title>我市友好城市名单 - 青川外事</title></head><body>
        <ul class=menu><li><a href=/>首页</a><li><a href=/a>机构职能</a><li><a href=/b>友城工作</a></ul>
        <div id=zoom><h2>我市友好城市名单</h2><h3>亚洲</h3>
        <ul><li>日本津山市（1987年6月3日）<li>韩国丽水市（1995年4月12日）</ul><h3>欧洲</h3>
        <ul><li>匈牙利松博特市（2024年5月12日）<li>法国昂热市（2005年9月1日）</ul></div>
        <div><a href="#">打印本页</a> <a href="#">关闭窗口</a></div></body></html>"##;
    assert_blocks(
        html,
        &[
            "T 我市友好城市名单",
            "H 亚洲",
            "L 日本津山市（1987年6月3日）",
            "L 韩国丽水市（1995年4月12日）",
            "H 欧洲",
            "L 匈牙利松博特市（2024年5月12日）",
            "L 法国昂热市（2005年9月1日）",
        ],
    );
}

#[test]
fn what_nobody_sees_is_left_out_and_ruby_loses_its_readings() {
    let html = format!(
        "<title>友城</title><div><h1>青川市与松博特市结好</h1><p><ruby>友<rp>(</rp><rt>yǒu</rt><rp>)</rp>城<rt>chéng</rt></ruby>{FIRST}</p>
        <p hidden>看不见。</p><p style='display: none'>看不见，也不读。</p><noscript>请打开脚本。</noscript>
        <p>{SECOND}<br/>第一\n行&nbsp;A&amp;B   C&#x53CB;&yen;</p><template><p>模板。</p></template></div>"
    );
    let article = page(&html);
    let (first, second) = (format!("P 友城{FIRST}"), format!("P {SECOND}"));
    assert_eq!(
        blocks(&article),
        ["T 青川市与松博特市结好", &first, &second, "P 第一行\u{A0}A&B C友¥"]
    );
}

#[test]
fn an_article_that_a_script_would_show_is_found() {
    let html = format!(
        "<h1>青川市与松博特市结好</h1><div id=js_content style='display:none'><p>{FIRST}<p>{SECOND}</div>"
    );
    assert_eq!(blocks(&page(&html)).len(), 3);
}

#[test]
fn comments_counters_and_statements_are_not_the_article() {
    let html = format!(
        "<body><h1>青川市与松博特市结好</h1><div class=content><p>{FIRST}</p><p>{SECOND}</p>
        <p>阅读 2.3万 · 评论 15</p><p>特别声明：以上内容为作者上传，不代表本平台观点。</p><p>扫一扫在手机打开当前页</p></div>
        <div class=comment-list><div class=c><p>网友甲：这是好事，希望两市人民的友谊长长久久，多多来往，共同发展，一起进步！</p></div>
        <div class=c><p>网友乙：我去过松博特市，那里风景很好，人也热情，值得一去，大家有机会都去看一看吧。</p></div></div></body>"
    );
    assert_blocks(
        &html,
        &["T 青川市与松博特市结好", &format!("P {FIRST}"), &format!("P {SECOND}")],
    );
}

#[test]
fn comments_longer_than_the_article_are_not_it() {
    let comment =
        "网友：这是好事，希望两市人民的友谊长长久久，多多来往，共同发展，一起进步，越来越好！";
    let html = format!(
        "<title>青川市与松博特市结好</title><div><h1>青川市与松博特市结好</h1><div class=text><p>{FIRST}</p></div>
        <div class=pinglun>{}</div></div>",
        format!("<div><b>某人</b><p>{comment}</p></div>").repeat(30)
    );
    assert_blocks(&html, &["T 青川市与松博特市结好", &format!("P {FIRST}")]);
}

#[test]
fn dates_are_taken_in_the_order_of_their_trust() {
    let body = format!("<p>{FIRST}</p><p>{SECOND}2011年3月4日，两市再次会谈，达成多项共识。</p>");
    for (html, date, origin) in [
        (
            format!("<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"datePublished\":\"2020-02-03T04:05:06+08:00\"}}</script>
            <meta property='article:published_time' content='2020-02-04'><h1>青川市结好</h1><p>2020-02-05 10:00 来源：日报</p>{body}"),
            "2020-02-03", Origin::Metadata,
        ),
        (
            format!("<meta property='article:published_time' content='昨天'><h1>青川市结好</h1><p>时间：2020年2月5日</p>{body}"),
            "2020-02-05", Origin::Page,
        ),
        (
            format!("<div>今天是2030年1月1日 星期二</div><h1>青川市结好</h1><div>日报　2020-02-05 10:00</div>{body}"),
            "2020-02-05", Origin::Page,
        ),
        (
            format!("<link rel=canonical href='https://example.cn/2020-02/06/c_1.htm'><h1>青川市结好</h1>{body}"),
            "2020-02-06", Origin::Url,
        ),
    ] {
        let published = page(&html).published.unwrap();
        assert_eq!((published.date.to_string().as_str(), published.origin), (date, origin), "{html}");
    }
    assert_eq!(page(&format!("<h1>青川市结好</h1>{body}")).published, None);
}

#[test]
fn a_title_that_no_line_shows_is_put_first() {
    let html = format!(
        "<title>青川市与松博特市结为友好城市 - 青川新闻网</title><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    );
    let article = page(&html);
    let title = "青川市与松博特市结为友好城市";
    assert_eq!(article.title.as_deref(), Some(title));
    assert_eq!(article.text_starts as usize, title.len() + 1);
    assert!(article.text.raw().starts_with(&format!("{title}\n{FIRST}\n")));
}

#[test]
fn records_say_what_they_are() {
    let record = |json: &str| read(Payload::Record(json.as_bytes().to_vec()));
    let (article, notes) = record(
        r#"{"text":"正文一句。","title":" 题目 ","url":"https://example.cn/1","published":"2025年5月23日","publisher":"日报","other":[1]}"#,
    )
    .unwrap();
    assert_eq!(article.text.raw(), "题目\n正文一句。");
    assert_eq!(article.text_starts, 7);
    assert_eq!(article.source.url.as_deref(), Some("https://example.cn/1"));
    assert_eq!(article.source.publisher.as_deref(), Some("日报"));
    let published = article.published.unwrap();
    assert_eq!(
        (published.date.to_string().as_str(), published.origin),
        ("2025-05-23", Origin::Record)
    );
    assert_eq!(notes.0, []);

    let (article, notes) =
        record(r#"{"text":"题目。正文","title":"题目","published":"前天"}"#).unwrap();
    assert_eq!((article.text.raw(), article.text_starts), ("题目。正文", 0));
    assert_eq!(notes.0.len(), 1, "a bad date is noted");

    let html = format!(
        r#"{{"text":" ","html":"<h1>网页</h1><p>{FIRST}</p>","title":"青川市与松博特市结好"}}"#
    );
    let (article, _) = record(&html).unwrap();
    assert_eq!(article.title.as_deref(), Some("青川市与松博特市结好"));

    for json in ["{}", r#"{"title":"题目"}"#, r#"{"text":"","html":null}"#] {
        assert!(matches!(record(json), Err(ReadError::Empty(_))), "{json}");
    }
}

#[test]
fn texts_and_records_tell_their_date_as_pages_do() {
    let record = |json: &str| read(Payload::Record(json.as_bytes().to_vec())).unwrap().0;
    let url = r#""url":"https://example.cn/2024-05/13/c_1.htm""#;
    for (fields, date, origin) in [
        (
            r#""published":"2025-05-23","text":"题目\n发布时间：2025-05-24\n正文。""#.to_owned(),
            "2025-05-23",
            Origin::Record,
        ),
        (
            format!(r#""text":"题目\n发布时间：2025-05-24\n正文。",{url}"#),
            "2025-05-24",
            Origin::Page,
        ),
        (format!(r#""text":"题目\n正文，2025年5月24日签约。",{url}"#), "2024-05-13", Origin::Url),
        (
            r#""title":"题目一则 2025-05-24 10:00","text":"正文。""#.to_owned(),
            "2025-05-24",
            Origin::Page,
        ),
    ] {
        let published = record(&format!("{{{fields}}}")).published.unwrap();
        assert_eq!(
            (published.date.to_string().as_str(), published.origin),
            (date, origin),
            "{fields}"
        );
    }
    let text = "青川与松博特结好\n来源：青川日报 2025-05-24 10:00\n两市签约。";
    let (article, _) = read(Payload::Text(text.as_bytes().to_vec())).unwrap();
    assert_eq!(article.source.publisher.as_deref(), Some("青川日报"));
    assert_eq!(article.published.unwrap().origin, Origin::Page);
    assert_eq!(article.text.raw(), text, "what was read stays as it was");
}

#[test]
fn standard_input_is_read_as_what_it_begins_like() {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let html = format!("<h1>青川市与松博特市结好</h1><p>{FIRST}</p>");
    let json = format!("{{\"text\":\"{FIRST}\"}}\r\n{{\"text\":\"{SECOND}\"}}");
    for (input, articles) in [(FIRST, 1), (&html, 1), (&json, 2), ("", 0)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .args(["extract", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        assert_eq!(lines.lines().count(), articles, "{input}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("<stdin>: empty, nothing to read"), articles == 0, "{said}");
    }
}
