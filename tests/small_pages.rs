//! Small pages of many kinds: when, by whom, under which title they were published, and
//! what of them is the article.
#![allow(clippy::unwrap_used)]

use youcheng::{
    article::{Article, BlockKind, Source},
    clean::Cleaner,
    notes::Notes,
    read::{Input, Limits, Payload, ReadError, Reader},
};

const TITLE: &str = "岚山市与白俄罗斯皮纳市互换协议文本";
const BODY: &str = "<p>岚山市与白俄罗斯皮纳市互换了友好城市协议的文本，两市就此正式结好。</p>\
    <p>因航班减少，文本随货运班列走了两个多星期，途中换装两次。</p>\
    <p>两市约定，明年春天由市长率团互访，并在学校之间开展交流。</p>";

fn read(html: &str) -> Result<Article, ReadError> {
    let reader = Reader::new(Limits::default()).unwrap();
    let payload = Payload::Html(html.as_bytes().to_vec());
    let (mut article, mut notes) = reader.article(Input { source: Source::default(), payload })?;
    Cleaner::new().unwrap().run(&mut article, &mut notes);
    Ok(article)
}

/// A page with something above its title, between it and the text, and below the text.
fn page(head: &str, above: &str, between: &str, below: &str) -> Article {
    read(&format!(
        "<html><head><title>{TITLE}</title>{head}</head><body>{above}<h1>{TITLE}</h1>{between}\
         <div class=content>{BODY}</div>{below}</body></html>"
    ))
    .unwrap()
}

fn date(article: &Article) -> Option<String> {
    article.published.map(|published| published.date.to_string())
}

#[test]
fn a_date_under_the_title_is_that_of_publication() {
    for line in [
        "2020-12-02",
        "2020-12-02 09:30　岚山日报",
        "岚山日报　2020年12月2日",
        "（岚山市融媒体中心　2020-12-02）",
        "发布时间：2020-12-02　浏览：77",
        "发布时间: 20-12-02 09:14",
        "日　期：2020年12月2日",
        "更新时间：2021-04-02</span><span>首发时间：2020-12-02",
        "更新时间：2020-12-02",
        "打印时间：2024-08-19</p><p>（岚山市外办　2020-12-02）",
        "发佈日期：109/12/02",
        "發布日期：中華民國109年12月2日",
        "<a>Posted on 2020年12月2日</a>",
        "日期：20201202",
        "二〇二〇年十二月二日",
        "Dec 2, 2020",
    ] {
        let article = page("", "", &format!("<p><span>{line}</span></p>"), "");
        assert_eq!(date(&article).as_deref(), Some("2020-12-02"), "{line}");
    }
    let table = "<table><tr><td>索引号</td><td>000-1</td><td>生效日期</td><td>2021-01-01</td></tr>\
        <tr><td>主题</td><td>外事</td><td>发布日期</td><td>2020-12-02</td></tr></table>";
    assert_eq!(date(&page("", "", table, "")).as_deref(), Some("2020-12-02"));
    let script = "<script>var nickname = \"岚山\"; var ct = \"1606867200\";</script>";
    assert_eq!(date(&page(script, "", "", "")).as_deref(), Some("2020-12-02"));
    let head = "<div>岚山日报　2020年12月02日　星期三</div>";
    assert_eq!(date(&page("", head, "", "")).as_deref(), Some("2020-12-02"));
    let instant = "<meta property='article:published_time' content='2020-12-01T17:30:00Z'>";
    assert_eq!(date(&page(instant, "", "", "")).as_deref(), Some("2020-12-02"));
}

#[test]
fn other_dates_are_not() {
    for (above, between, below) in [
        // Clocks, weather, boxes of other articles.
        ("<div>2026年5月2日 星期六</div>", "", ""),
        ("<div>2026-05-02 多云 18~25℃</div>", "", ""),
        ("<div><a href=1>关于放假的公告</a><em>2021-01-03</em></div>", "", ""),
        ("<div>首页 > 2021年1月3日 > 正文</div>", "", ""),
        // Labels of something else.
        ("", "<p>签约时间：2021-01-03</p>", ""),
        ("", "<p>拍摄日期：2021-01-03</p>", ""),
        ("", "<p>打印时间：2021-01-03</p>", ""),
        ("", "<div>限时优惠 活动至2021-01-03</div>", ""),
        (
            "",
            "<table><tr><th>城市</th><th>时间</th></tr><tr><td>皮纳市</td><td>2021年1月3日</td></tr></table>",
            "",
        ),
        // Below the text.
        ("", "", "<ul><li><a href=1>旧闻</a> <span class=time>2021-01-03</span></li></ul>"),
        ("", "", "<div><p><a href=1>旧闻一则</a></p><p>发布时间：2021-01-03</p></div>"),
        ("", "", "<ul><li>老王 发表于 2021-01-03 好事一桩</li></ul>"),
        ("", "", "<p>建站时间：2021年1月3日</p>"),
        ("", "", "<p>网站更新：2021-01-03</p>"),
        ("", "", "<p>下一篇：<a href=1>旧闻一则</a> 2021-01-03</p>"),
    ] {
        let article = page("", above, between, below);
        assert_eq!(date(&article), None, "{above}{between}{below}");
    }
    for head in [
        "<script type='application/ld+json'>{\"@type\":\"WebSite\",\"datePublished\":\"2021-01-03\"}</script>",
        "<meta property='article:published_time' content='1970-01-01T08:00:00+08:00'>",
        "<meta property='article:published_time' content='2099-01-03'>",
    ] {
        assert_eq!(date(&page(head, "", "", "")), None, "{head}");
    }
}

#[test]
fn the_publisher_is_a_name_and_nothing_else() {
    for (line, name) in [
        ("<span>来源：岚山日报</span><span>浏览次数：77</span>", Some("岚山日报")),
        ("来源：<a>岚山新闻网</a><span>参与互动(0)</span>", Some("岚山新闻网")),
        ("来源:未知　时间:2020-12-02", None),
        ("来源：网络", None),
        ("岚山晚报　2020-12-02", Some("岚山晚报")),
    ] {
        let article = page("", "", &format!("<p>{line}</p>"), "");
        assert_eq!(article.source.publisher.as_deref(), name, "{line}");
    }
}

#[test]
fn a_title_is_that_of_the_article() {
    for (title, above) in [
        ("::岚山新闻::", format!("<p><b><font size=4>{TITLE}</font></b></p>")),
        ("打印预览 - 岚山市政府网", format!("<h2 align=center>{TITLE}</h2>")),
        ("友城知识 - 岚山市友好协会", format!("<h2>{TITLE}</h2>")),
        (&format!("岚报 - {TITLE}"), String::new()),
        (&format!("{TITLE}_要闻_岚山新闻网"), String::new()),
    ] {
        let html = format!("<title>{title}</title><body><div>{above}{BODY}</div></body>");
        assert_eq!(read(&html).unwrap().title.as_deref(), Some(TITLE), "{title}");
    }
}

#[test]
fn a_page_without_an_article_says_so() {
    for title in ["404-页面不存在", "抱歉，您访问的页面找不到了", "用户登录", "502 Bad Gateway"]
    {
        let html = format!("<title>{title}</title><body><h1>{title}</h1>{BODY}</body>");
        assert!(matches!(read(&html), Err(ReadError::NoArticle(_))), "{title}");
    }
    for title in ["市长会见404医院代表团", "两市开通信息登录服务并签署协议"]
    {
        let html = format!("<title>{title}</title><body><h1>{title}</h1>{BODY}</body>");
        assert!(read(&html).is_ok(), "{title}");
    }
}

fn text(below: &str) -> String {
    page("", "", "", below).text.clean().to_owned()
}

#[test]
fn what_stands_below_the_article_is_left_out() {
    let plain = text("");
    for below in [
        "<p>您已阅读本文30%</p><p>加入会员，继续阅读全文</p>",
        "<p>请继续往下阅读...</p>",
        "<p>本文网址：http://www.example.cn/a/1.html</p>",
        "<p>点击查看余下全文</p>",
        "<p>GMT+8, 2020-3-1 11:02 , Processed in 0.031 second(s), 12 queries.</p>",
        "<p>本网站所刊载信息，不代表本社观点。</p>",
        "<div><h4>国内新闻精选：</h4><ul><li>河长制督查组进驻(07-30 11:20)</li><li>夜市开放(07-30 12:20)</li></ul></div>",
        "<p>本網站之文字、圖片及影音，非經授權，不得轉載。</p>",
    ] {
        assert_eq!(text(below).trim_end(), plain.trim_end(), "{below}");
    }
}

#[test]
fn spam_within_a_sentence_goes_and_the_sentence_stays() {
    for (said, wanted) in [
        (
            "岚山市与皮纳市以果园为媒，（更多资讯请加微信：abc12345）于2016年结好。",
            "岚山市与皮纳市以果园为媒，于2016年结好。",
        ),
        ("两市【本文来自www.example.com】商定互派教师。", "两市商定互派教师。"),
        ("两市（微信小程序和公众平台）互通信息。", "两市（微信小程序和公众平台）互通信息。"),
        ("两市（2016年结好）商定互派教师。", "两市（2016年结好）商定互派教师。"),
    ] {
        let html = format!("<title>{TITLE}</title><h1>{TITLE}</h1><div>{BODY}<p>{said}</p></div>");
        assert!(read(&html).unwrap().text.clean().contains(wanted), "{said}");
        let mut article = read(&html).unwrap();
        article.layout.clear();
        article.text = youcheng::text::Text::new(format!("{TITLE}\n\n{said}\n\n两市关系良好。\n"));
        Cleaner::new().unwrap().run(&mut article, &mut Notes::default());
        assert!(article.text.clean().contains(wanted), "{said}");
    }
}

#[test]
fn a_cell_with_an_article_is_layout_and_one_with_a_name_is_data() {
    let cells = format!(
        "<table><tr><td><a href=1>首页</a></td><td>{BODY}</td><td>广告位</td></tr>\
         <tr><td>版权</td><td>岚山</td><td>广告</td></tr></table>"
    );
    let article = read(&format!("<title>{TITLE}</title><h1>{TITLE}</h1>{cells}")).unwrap();
    let rows = article.layout.iter().filter(|b| matches!(b.kind, BlockKind::Row { .. })).count();
    assert_eq!(rows, 0);
    assert!(article.text.clean().contains("正式结好。\n"), "{}", article.text.clean());
    let data = format!(
        "<title>{TITLE}</title><h1>{TITLE}</h1>{BODY}<table><tr><th><p>城市</p></th><th><p>时间</p></th></tr>\
         <tr><td><p>皮纳市</p><p>（州属）</p></td><td><p>2016年</p></td></tr></table>"
    );
    let article = read(&data).unwrap();
    let rows = article.layout.iter().filter(|b| matches!(b.kind, BlockKind::Row { .. })).count();
    assert_eq!(rows, 2);
}

#[test]
fn a_second_article_below_the_first_is_not_part_of_it() {
    let other = "<article><h1>岚山市图书馆延长开放时间</h1><p>2021-01-03</p><p>市图书馆自下月起延长开放时间，周末开到晚上九点，并增设自习座位。</p>\
        <p>馆方说，此举是应读者要求，暂定试行半年，之后再作调整。</p></article>";
    let html = format!(
        "<title>{TITLE}</title><article><h1>{TITLE}</h1><p>2020-12-02</p>{BODY}</article>{other}"
    );
    let article = read(&html).unwrap();
    assert!(!article.text.clean().contains("图书馆"), "{}", article.text.clean());
    assert_eq!(date(&article).as_deref(), Some("2020-12-02"));
}

const CITIES: [(&str, &str, &str); 4] = [
    ("白俄罗斯", "皮纳市", "2016年5月8日"),
    ("法国", "第戎市", "1998年5月6日"),
    ("德国", "耶拿市", "2009年7月1日"),
    ("日本", "盐灶市", "1986年10月3日"),
];

#[test]
fn a_list_of_cities_is_kept_however_it_is_set() {
    let each = |row: fn(&(&str, &str, &str)) -> String| CITIES.iter().map(row).collect::<String>();
    let grid = each(|(a, b, c)| {
        format!(
            "<div class=row><div class=col>{a}</div><div class=col>{b}</div><div class=col><p>{c}</p></div></div>"
        )
    });
    let head = "<div class=row><div class=col>国家</div><div class=col>城市</div><div class=col>结好时间</div></div>";
    let column = each(|(a, b, c)| format!("<tr><td>{a}{b}，{c}</td></tr>"));
    let pairs =
        each(|(a, b, c)| format!("<div class=item><h4>{a}{b}</h4><p>结好时间：{c}</p></div>"));
    let panes = each(|(a, b, c)| {
        let hidden = if *a == "法国" { "" } else { " style='display:none'" };
        format!("<div class=pane{hidden}><p>{a}{b}，{c}。</p></div>")
    });
    for list in [
        format!("<div class=grid>{head}{grid}</div>"),
        format!("<div class=grid>{grid}</div>"),
        format!("<table>{column}</table>"),
        format!("<div class=items>{pairs}</div>"),
        format!("<div class=panes>{panes}</div>"),
    ] {
        let html = format!(
            "<title>{TITLE}</title><div class=content><h1>{TITLE}</h1>{BODY}<p>岚山市的友好城市如下：</p>{list}</div>\
             <div><ul><li><a href=1>旧闻一则</a></li></ul></div>"
        );
        let article = read(&html).unwrap();
        let text = article.text.clean();
        for (_, city, date) in CITIES {
            assert!(text.contains(city) && text.contains(date), "{city} {list}\n{text}");
        }
        assert!(!text.contains("旧闻"), "{text}");
    }
    let html =
        format!("<title>{TITLE}</title><h1>{TITLE}</h1>{BODY}<div class=grid>{head}{grid}</div>");
    let article = read(&html).unwrap();
    let rows: Vec<_> = article
        .layout
        .iter()
        .filter_map(|block| match block.kind {
            BlockKind::Row { header, .. } => {
                Some((header, article.text.raw()[block.span.range()].to_owned()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(rows[0], (true, "国家\t城市\t结好时间".to_owned()));
    assert_eq!(rows[1], (false, "白俄罗斯\t皮纳市\t2016年5月8日".to_owned()));
}

#[test]
fn boxes_of_links_are_no_table() {
    let cards: String = (0..6)
        .map(|n| format!("<div class=row><div><a href={n}>旧闻</a></div><div><a href={n}>全文</a></div><div>2021年</div></div>"))
        .collect();
    assert_eq!(text(&format!("<div>{cards}</div>")).trim_end(), text("").trim_end());
}

#[test]
fn a_place_to_jump_to_is_no_link() {
    for html in [
        format!("<title>{TITLE}</title><a name=top><h1>{TITLE}</h1>{BODY}"),
        format!("<title>{TITLE}</title><h1>{TITLE}</h1>{}", BODY.replace("<p>", "<p><a name=p>")),
    ] {
        assert!(read(&html).unwrap().text.clean().contains("正式结好"), "{html}");
    }
}

#[test]
fn a_few_zero_bytes_are_left_out() {
    let html = format!("<html><title>{TITLE}</title><h1>{TITLE}\0</h1>{BODY}\0\0</html>");
    assert!(read(&html).unwrap().text.clean().contains("正式结好"));
}

#[test]
fn the_first_entry_of_a_chronicle_is_no_byline() {
    let first = "●1987年9月26日　岚山市与白俄罗斯皮纳市在岚山签署建立友好城市关系协议书。";
    let html = format!(
        "<html><title>岚山友好往来大事记</title><p><b>岚山友好往来大事记</b></p><p>{first}</p>\
         <p>●1990年5月6日　皮纳市议会代表团来访，参观港口和学校。</p>\
         <p>●1996年11月　两市续签协议，并商定互派教师。</p></html>"
    );
    assert!(read(&html).unwrap().text.clean().contains("1987年9月26日"));
}
