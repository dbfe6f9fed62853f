//! Lists of ties as offices publish them: tables, lines under headings, and what only
//! looks like one.

use std::{fmt::Write as _, time::Instant};

use youcheng::{
    agreement::Claim,
    article::{Article, ArticleId, Block, BlockKind, Source},
    notes::Notes,
    pipeline::{Extraction, Extractor, Options},
    text::{Span, Text},
};

fn extract(text: &str, layout: Vec<Block>) -> Extraction {
    let article = Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout,
    };
    let extractor = Extractor::new(Options::default()).expect("the bundled data compiles");
    let found = extractor.run(article.clone(), Notes::default());
    // What explains reads the lists also where no word of ties stands.
    let (explained, _) = extractor.explain(article, Notes::default());
    assert_eq!(found.claims, explained.claims, "{text}");
    assert_eq!(found.statistics, explained.statistics, "{text}");
    found
}

/// A page: `# ` begins its title, `## ` a heading, `! ` a caption, `- ` an item of a list,
/// `| ` a row of its table, `|! ` a header row; the rest is running text.
fn page(source: &str) -> Extraction {
    let mut text = String::new();
    let mut layout = Vec::new();
    let mut table = 0;
    let mut in_table = false;
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let row = |header| BlockKind::Row { table, header };
        let (kind, line) = [
            ("# ", BlockKind::Title),
            ("## ", BlockKind::Heading),
            ("! ", BlockKind::Caption),
            ("- ", BlockKind::ListItem),
            ("|! ", row(true)),
            ("| ", row(false)),
        ]
        .into_iter()
        .find_map(|(mark, kind)| Some((kind, line.trim().strip_prefix(mark)?)))
        .unwrap_or((BlockKind::Paragraph, line.trim()));
        let is_row = matches!(kind, BlockKind::Row { .. });
        if in_table && !is_row && kind != BlockKind::Heading {
            table += 1;
        }
        in_table = is_row || in_table && kind == BlockKind::Heading;
        let line = if is_row { line.replace(" | ", "\t").replace(" |", "\t") } else { line.into() };
        let start = text.len();
        text.push_str(&line);
        layout.push(Block { span: Span::new(start..text.len()), kind });
        text.push('\n');
    }
    extract(&text, layout)
}

fn plain(text: &str) -> Extraction {
    extract(text, Vec::new())
}

/// `party party country kind status date`.
fn shown(claims: &[Claim]) -> Vec<String> {
    let show = |claim: &Claim| {
        let [a, b] = &claim.parties;
        let country = b.place.country.map_or_else(|| "?".to_owned(), |code| code.to_string());
        let date = claim.date.as_ref().map_or("-", |date| &date.edtf);
        let (kind, status) = (claim.kind.name(), claim.status.name());
        format!("{} {} {country} {kind} {status} {date}", a.name, b.name)
    };
    claims.iter().map(show).collect()
}

#[track_caller]
fn finds(extraction: &Extraction, expect: &[&str]) {
    assert_eq!(shown(&extraction.claims), expect, "\n{}", extraction.article.text.clean());
}

#[test]
fn a_table_of_two_sides_with_a_merged_cell() {
    let found = page(
        "# 新余市国际友好城市一览表
         截至去年底，全市对外结好工作稳步推进。
         |! 序号 | 中方城市 | 国家 | 外方城市 | 所属省州 | 结好时间 | 结好类型 | 人口(万)
         | 1 | 新余市 | 日本 | 津山市 | 冈山县 | 1996.10.05 | 友好城市 | 10
         | 2 | 新余市 | 美国 | 萨凡纳市(Savannah) | 佐治亚州 | 2004年6月 | 友好城市 | 14
         | 3 | 分宜县 | 匈牙利 | 松博特海伊市 | 沃什州 | 2012-9-21 | 友好交流关系 | 7
         | 4 | 分宜县 | 韩国 | 平昌郡 | 江原道 | 2018 | 意向书 | 4
         | 5 | 渝水区 | 阿根廷 | 圣佩德罗市 | 布宜诺斯艾利斯省 | 2021年7月 | 备忘录 | 5
         注：结好时间以协议落款为准。",
    );
    finds(
        &found,
        &[
            "新余市 津山市 JP sister-city established 1996-10-05",
            "新余市 萨凡纳市 US sister-city established 2004-06",
            "分宜县 松博特海伊市 HU friendly-exchange established 2012-09-21",
            "分宜县 平昌郡 KR letter-of-intent established 2018",
            "渝水区 圣佩德罗市 AR memorandum established 2021-07",
        ],
    );
    let text = &found.article.text;
    assert_eq!(
        text.at(found.claims[0].evidence.span),
        "1\t新余市\t日本\t津山市\t冈山县\t1996.10.05\t友好城市\t10"
    );
    assert!(found.claims.iter().all(|claim| (claim.confidence - 0.85).abs() < 1e-6));
}

#[test]
fn the_country_may_stand_behind_the_city() {
    finds(
        &page(
            "# 鄂州市友好城市名录
             |! 友城名称 | 国别 | 所在洲 | 签字时间 | 批准时间
             | 穆尔西维采市 | 塞尔维亚 | 欧洲 | 2015年5月8日 | 2014年1月2日
             | 萨尔堡 | 法国 | 欧洲 | 2016.3 | 2015.1
             | 松岛町 | 日本 | 亚洲 | 1988 | 1987",
        ),
        &[
            "鄂州市 穆尔西维采市 RS sister-city signed 2015-05-08",
            "鄂州市 萨尔堡 FR sister-city signed 2016-03",
            "鄂州市 松岛町 JP sister-city signed 1988",
        ],
    );
}

#[test]
fn empty_cells_take_over_what_stands_above() {
    finds(
        &page(
            "# 对外结好情况表
             ! 吉安市及所辖县(市)友好关系城市
             |! 中方 | 国家 | 外方 | 缔结日期
             | 吉安市 | 韩国 | 安山市 | 1999.5.1
             | | | 光阳市 | 2003
             | 井冈山市 | 同上 | 南海郡 | 2008.2
             | | 泰国 | 南邦府 | —",
        ),
        &[
            "吉安市 安山市 KR sister-city established 1999-05-01",
            "吉安市 光阳市 KR sister-city established 2003",
            "井冈山市 南海郡 KR sister-city established 2008-02",
            "井冈山市 南邦府 TH sister-city established -",
        ],
    );
}

#[test]
fn headings_inside_a_table_set_kind_and_country() {
    finds(
        &page(
            "# 常德市友城
             |! 城市 | 结好时间
             ## 一、友好城市
             ## 日本
             | 东近江市 | 1994.8.11
             ## 二、友好交流关系城市
             ## 韩国
             | 原州市 | 2010.10
             | 槐山郡 | 2012",
        ),
        &[
            "常德市 东近江市 JP sister-city established 1994-08-11",
            "常德市 原州市 KR friendly-exchange established 2010-10",
            "常德市 槐山郡 KR friendly-exchange established 2012",
        ],
    );
}

#[test]
fn a_list_of_one_country_with_both_sides() {
    finds(
        &page(
            "# 江西省与日本友好城市一览
             |! 江西省 | 日方城市 | 缔结日期
             | 南昌市 | 高松市 | 1990年9月28日
             | 抚州市 | 美作市 | 2005.5",
        ),
        &[
            "南昌市 高松市 JP sister-city established 1990-09-28",
            "抚州市 美作市 JP sister-city established 2005-05",
        ],
    );
}

#[test]
fn rows_of_plain_text() {
    for text in [
        "衢州市国际友好城市名单\n国家|城市|签约时间\n日本|大津市|1996年4月\n美国|雷德温市|1994年11月\n",
        "衢州市国际友好城市名单\n国家\t城市\t签约时间\n日本\t大津市\t1996年4月\n美国\t雷德温市\t1994年11月\n",
        "衢州市国际友好城市名单\n国家 城市 签约时间\n日本 大津市 1996年4月\n美国 雷德温市 1994年11月\n",
        "衢州市国际友好城市名单\n| 国家 | 城市 | 签约时间 |\n|---|---|---|\n| 日本 | 大津市 | 1996年4月 |\n| 美国 | 雷德温市 | 1994年11月 |\n",
    ] {
        finds(
            &plain(text),
            &[
                "衢州市 大津市 JP sister-city signed 1996-04",
                "衢州市 雷德温市 US sister-city signed 1994-11",
            ],
        );
    }
}

#[test]
fn rows_without_a_header() {
    finds(
        &plain(
            "宜春市友好城市一览表\n日本\t栃木县\t栃木市\t1990.3.2\n韩国\t全罗南道\t罗州市\t2006.10\n",
        ),
        &[
            "宜春市 栃木市 JP sister-city established 1990-03-02",
            "宜春市 罗州市 KR sister-city established 2006-10",
        ],
    );
}

#[test]
fn lines_under_headings_of_kinds() {
    finds(
        &plain(
            "钦州市有哪些国际友好城市\n\
             一、友好城市\n\
             日本熊野市:1996年3月22日签署友好城市协议书。\n\
             波兰格丁尼亚市:2014年结为友好城市。\n\
             二、友好交流城市\n\
             菲律宾普林塞萨港市:2010年5月建立友好交流关系。\n\
             越南下龙市(2012年签备忘录)\n",
        ),
        &[
            "钦州市 熊野市 JP sister-city signed 1996-03-22",
            "钦州市 格丁尼亚市 PL sister-city established 2014",
            "钦州市 普林塞萨港市 PH friendly-exchange established 2010-05",
            "钦州市 下龙市 VN memorandum signed 2012",
        ],
    );
}

#[test]
fn lines_under_headings_of_countries() {
    finds(
        &page(
            "# 六安市国际友好城市
             ## 日本：
             - 1.燕市（1995.7.6）
             - 2.穗高町（1998.10）
             ## 塞尔维亚：
             - 穆尔西维采市",
        ),
        &[
            "六安市 燕市 JP sister-city established 1995-07-06",
            "六安市 穗高町 JP sister-city established 1998-10",
            "六安市 穆尔西维采市 RS sister-city established -",
        ],
    );
}

#[test]
fn one_pair_a_line() {
    finds(
        &plain(
            "湖北省友好城市名单\n\
             1.武汉市——日本大分市(1979.9.7)\n\
             2.宜昌市——法国瓦朗谢讷市（1992年9月14日）\n\
             3.黄石市——日本关市\n",
        ),
        &[
            "武汉市 大分市 JP sister-city established 1979-09-07",
            "宜昌市 瓦朗谢讷市 FR sister-city established 1992-09-14",
            "黄石市 关市 JP sister-city established -",
        ],
    );
}

#[test]
fn several_places_a_line() {
    finds(
        &plain(
            "铜陵市友好城市一览\n亚洲：日本荒川区(1996)、韩国光明市(2005.3)\n美洲：美国普罗沃市、智利塔尔卡市\n",
        ),
        &[
            "铜陵市 荒川区 JP sister-city established 1996",
            "铜陵市 光明市 KR sister-city established 2005-03",
            "铜陵市 普罗沃市 US sister-city established -",
            "铜陵市 塔尔卡市 CL sister-city established -",
        ],
    );
}

#[test]
fn the_foreign_side_may_stand_first() {
    finds(
        &plain(
            "中日友好城市一览表\n序号 日方城市 中方城市 结好日期\n\
             1 神户市 天津市 1973.6.24\n2 横滨市 上海市 1973.11.30\n3 穗高町 合浦县 1998.5\n",
        ),
        &[
            "天津市 神户市 JP sister-city established 1973-06-24",
            "上海市 横滨市 JP sister-city established 1973-11-30",
            "合浦县 穗高町 JP sister-city established 1998-05",
        ],
    );
}

#[test]
fn the_date_may_stand_on_the_next_line() {
    let found = plain(
        "大理州国际友好城市\n\n1.日本富良野市\n(1995年6月16日缔结为友好城市关系)\n\n\
         2.法国阿维尼翁市\n(2003年签署友好交流协议)\n",
    );
    finds(
        &found,
        &[
            "大理州 富良野市 JP sister-city established 1995-06-16",
            "大理州 阿维尼翁市 FR friendly-exchange signed 2003",
        ],
    );
    assert_eq!(
        found.article.text.at(found.claims[0].evidence.span),
        "1.日本富良野市\n(1995年6月16日缔结为友好城市关系)"
    );
}

#[test]
fn countries_in_brackets_and_classes_with_counts() {
    let found = plain(
        "成都市国际友好城市和友好合作关系城市名单\n第一类 正式国际友好城市(共3个):\n\
         [法国]蒙彼利埃(1981年6月22日缔结)\n[奥地利]林茨市(1983年9月签定协议)\n\
         第二类 友好合作关系城市(共2个):\n[波兰]罗兹市(2015年6月29日)\n",
    );
    finds(
        &found,
        &[
            "成都市 蒙彼利埃 FR sister-city established 1981-06-22",
            "成都市 林茨市 AT sister-city signed 1983-09",
            "成都市 罗兹市 PL friendly-cooperation established 2015-06-29",
        ],
    );
    assert_eq!(found.statistics, []);
}

#[test]
fn a_tie_that_ended_is_two_records() {
    finds(
        &page(
            "# 黄山市国际友好城市一览表
             |! 国家 | 城市 | 结好时间 | 备注
             | 日本 | 藤原町 | 1990.4.1 | 2006年因合并解除
             | 日本 | 飞騨市 | 1991.5.2 |",
        ),
        &[
            "黄山市 藤原町 JP sister-city established 1990-04-01",
            "黄山市 藤原町 JP sister-city terminated 2006",
            "黄山市 飞騨市 JP sister-city established 1991-05-02",
        ],
    );
    finds(
        &plain("黄山市友好城市名单\n日本藤原町(1990年结好,2006年解除)\n日本飞騨市(1991年)\n"),
        &[
            "黄山市 藤原町 JP sister-city established 1990",
            "黄山市 藤原町 JP sister-city terminated 2006",
            "黄山市 飞騨市 JP sister-city established 1991",
        ],
    );
}

#[test]
fn a_foreign_place_may_own_the_list() {
    finds(
        &page(
            "# 韩国釜山广域市姐妹城市一览
             |! 国家 | 城市 | 结好时间
             | 中国 | 上海市 | 1993.8.24
             | 日本 | 下关市 | 1976.10.11",
        ),
        &[
            "上海市 釜山广域市 KR sister-city established 1993-08-24",
            "釜山广域市 下关市 JP sister-city established 1976-10-11",
        ],
    );
}

#[test]
fn a_chronology_is_read_by_its_sentences() {
    let found = plain(
        "芜湖市友城大事记\n1985年3月\t与日本高知市结为友好城市\n1996年5月\t与韩国罗州市签署友好交流意向书\n",
    );
    let rules: Vec<&str> = found.claims.iter().map(|claim| &*claim.evidence.rule).collect();
    assert!(!rules.is_empty());
    assert!(rules.iter().all(|rule| !rule.contains("row") && !rule.contains("line")), "{rules:?}");
}

#[test]
fn tables_of_other_things() {
    for source in [
        "# 赣州市与主要友城贸易额
         |! 国家 | 城市 | 贸易额(万美元)
         | 日本 | 高松市 | 1200
         | 韩国 | 安山市 | 800",
        "# 友城代表团来访情况一览表
         南昌市接待了以下团组。
         |! 国家 | 城市 | 来访时间 | 团长
         | 日本 | 高松市 | 2019.5 | 某某",
        "# 南昌市国际友城足球赛成绩
         |! 球队 | 城市 | 比分
         | 日本高松市 | 南昌市 | 1:3",
        "# 南昌新增国际航班
         |! 航班 | 目的地 | 时间
         | XX123 | 韩国首尔市 | 08:20",
        "# 赣州市友好城市(结对)一览
         |! 我市县区 | 对口城市 | 结对时间
         | 瑞金市 | 深圳市 | 2013年
         | 寻乌县 | 广州市 | 2013年",
        "# 南昌市天气
         | 日本 | 高松市 | 晴
         | 韩国 | 安山市 | 雨",
        "# 南昌市举办友城美食节
         来自各地的厨师登台。
         ## 节目单
         - 日本高松市
         - 韩国安山市",
    ] {
        finds(&page(source), &[]);
    }
    for text in [
        "友城青年营在南昌市开营\n\n日本高松市\n韩国安山市\n",
        "南昌市友好城市足球赛赛程\n日本高松市 韩国安山市 1985\n日本高松市 南昌市 1986\n",
    ] {
        finds(&plain(text), &[]);
    }
}

#[test]
fn halves_side_by_side_are_two_tables() {
    for header in ["国家|城市|结好时间|国家|城市|结好时间", "国别|友城|日期|国别|友城|日期"]
    {
        let text = format!(
            "滁州市友好城市一览表\n{header}\n法国|第戎市|1998年5月6日|德国|耶拿市|2009.6\n日本|盐灶市|1986|||\n"
        );
        let found = plain(&text);
        finds(
            &found,
            &[
                "滁州市 第戎市 FR sister-city established 1998-05-06",
                "滁州市 耶拿市 DE sister-city established 2009-06",
                "滁州市 盐灶市 JP sister-city established 1986",
            ],
        );
        let half = found.article.text.at(found.claims[1].evidence.span);
        assert_eq!(half, "德国|耶拿市|2009.6");
    }
    // Two columns of one header are the two sides, not two halves.
    finds(
        &plain("浙江省友好城市一览表\n城市|城市|时间\n衢州市|日本大津市|1996\n"),
        &["衢州市 大津市 JP sister-city established 1996"],
    );
}

#[test]
fn a_table_may_lie_on_its_side() {
    finds(
        &plain(
            "滁州市友好城市名录\n国家\t法国\t德国\n城市\t第戎市\t耶拿市\n结好时间\t1998年5月6日\t2009年\n",
        ),
        &[
            "滁州市 第戎市 FR sister-city established 1998-05-06",
            "滁州市 耶拿市 DE sister-city established 2009",
        ],
    );
    finds(&plain("滁州市外贸情况\n国家\t法国\t德国\n城市\t第戎市\t耶拿市\n金额\t12\t15\n"), &[]);
}

#[test]
fn a_list_may_be_published_by_the_other_side() {
    let list = "福井县各市町与中国缔结友好城市情况:共3对\n\n福井市 浙江省杭州市 1989.11.16\n\
                敦贺市 浙江省台州市 2001.11.13\n";
    let expect = [
        "杭州市 福井市 JP sister-city established 1989-11-16",
        "台州市 敦贺市 JP sister-city established 2001-11-13",
    ];
    finds(&plain(list), &expect);
    // A name that nobody knows is not replaced by the place that publishes.
    finds(&plain(&format!("{list}小滨市 陕西省某某市 2008.1\n")), &expect);
}

#[test]
fn an_unknown_chinese_side_is_not_the_publisher() {
    finds(
        &plain(
            "安徽省友好城市一览表\n中方|外方|国家|时间\n芜湖市|高知市|日本|1985.4.19\n\
             芜胡市|罗州市|韩国|2007\n省本级|高知县|日本|1994.11.12\n",
        ),
        &[
            "芜湖市 高知市 JP sister-city established 1985-04-19",
            "安徽省 高知县 JP sister-city established 1994-11-12",
        ],
    );
}

#[test]
fn a_name_of_which_the_beginning_is_known() {
    finds(
        &plain(
            "绍兴市友好城市一览表\n中方|外方|国家|时间\n新昌县|静冈县伊豆之国市|日本|2008\n\
             诸暨市|长野县某某市|日本|1993\n",
        ),
        &[
            "新昌县 伊豆之国市 JP sister-city established 2008",
            "诸暨市 某某市 JP sister-city established 1993",
        ],
    );
}

#[test]
fn merged_cells_of_plain_text() {
    finds(
        &plain(
            "安徽省友好城市列表\n安徽省管辖区 友好管辖区 国家 大洲 结好日期 来源及备注\n\
             安徽省 高知县 日本 亚洲 1994年11月12日\n马里兰州 美国 北美洲 1980年6月1日\n\n地级\n\
             地级市 友好管辖区 国家 大洲 结好日期 来源及备注\n芜湖市 高知市 日本 亚洲 1985年4月19日\n\
             罗州市 韩国 亚洲 2007年3月5日\n",
        ),
        &[
            "安徽省 高知县 JP sister-city established 1994-11-12",
            "安徽省 马里兰州 US sister-city established 1980-06-01",
            "芜湖市 高知市 JP sister-city established 1985-04-19",
            "芜湖市 罗州市 KR sister-city established 2007-03-05",
        ],
    );
}

#[test]
fn headings_of_stories_are_no_lines() {
    for heading in
        ["芜湖与韩国罗州市的合作", "芜湖与日本高知市的友好交流", "芜湖与韩国罗州市的故事"]
    {
        let text = format!(
            "芜湖的国际友好城市\n一、友城的由来\n芜湖的友城遍布各地。\n1. {heading}\n两市在教育领域合作。\n"
        );
        finds(&plain(&text), &[]);
    }
}

#[test]
fn a_sentence_leads_to_lines() {
    finds(
        &plain(
            "新增两对友城\n本报讯 2023年11月19日,国际友好城市大会在昆明闭幕。\n\
             此次新增的2对友好城市分别为:\n江西省抚州市与日本冈山县美作市\n四川省泸州市与韩国庆尚北道荣州市\n\
             大会还举行了招待会。\n",
        ),
        &[
            "抚州市 美作市 JP sister-city established 2023-11-19",
            "泸州市 荣州市 KR sister-city established 2023-11-19",
        ],
    );
    for lead in ["参会的友城有:", "首轮对阵如下:", "友城代表团分别是:", "推介的酒店如下:"]
    {
        let text = format!(
            "国际友城大会在昆明举行\n本报讯 2023年11月19日,大会在昆明开幕。\n{lead}\n抚州市与日本美作市\n泸州市与韩国荣州市\n"
        );
        finds(&plain(&text), &[]);
    }
}

#[test]
fn lists_within_sentences() {
    for (text, expect) in [
        (
            "截至2020年底,滁州市建立友好城市关系的有2个,分别为:日本盐灶市(1986年10月)和美国加利福尼亚州的肯特市(1994年5月);建立友好交流关系的城市1个,分别是:法国第戎市(2003年)。",
            &[
                "滁州市 盐灶市 JP sister-city established 1986-10",
                "滁州市 肯特市 US sister-city established 1994-05",
                "滁州市 第戎市 FR friendly-exchange established 2003",
            ][..],
        ),
        (
            "昨天,仙台市市长表示,滁州市是仙台市的第3座友好城市,其它2座友好城市分别是里加,明斯克。",
            &[
                "滁州市 仙台市 JP sister-city established -",
                "仙台市 里加 LV sister-city established -",
                "仙台市 明斯克 BY sister-city established -",
            ],
        ),
        (
            "日本盐灶市在全球2个国家有2个姐妹城市,包括中国的滁州、法国的第戎。",
            &[
                "滁州 盐灶市 JP sister-city established -",
                "盐灶市 第戎 FR sister-city established -",
            ],
        ),
        (
            "目前,和高知县缔结友好关系的中国省市分别为安徽省和芜湖市。",
            &[
                "安徽省 高知县 JP unspecified established -",
                "芜湖市 高知县 JP unspecified established -",
            ],
        ),
        (
            "2019年,滁州市新增友好城市2个,分别为日本盐灶市和法国第戎市。",
            &[
                "滁州市 盐灶市 JP sister-city established 2019",
                "滁州市 第戎市 FR sister-city established 2019",
            ],
        ),
        ("参加滁州市友城周的友好城市有2个,分别为:日本盐灶市、法国第戎市。", &[]),
        ("滁州市拟结好的友好城市有2个,分别为:日本盐灶市、法国第戎市。", &[]),
        ("滁州市与友好城市的合作项目分别为:日本盐灶市的渔业项目、法国第戎市的酒业项目。", &[]),
        ("滁州市的国内友好城市包括南京市、杭州市。", &[]),
        ("滁州市第一中学的姐妹学校包括日本盐灶市的高中、法国第戎市的中学。", &[]),
        ("目前建立友好城市关系的有2个,分别为:日本盐灶市、法国第戎市。", &[]),
    ] {
        finds(&plain(text), expect);
    }
}

#[test]
fn lines_with_a_head_of_their_own() {
    finds(
        &plain(
            "滁州市国际友城\n友好城市:日本盐灶市、韩国木浦市\n友好交流城市:德国耶拿市\n\
             2019年:法国第戎市、波兰罗兹市\n",
        ),
        &[
            "滁州市 盐灶市 JP sister-city established -",
            "滁州市 木浦市 KR sister-city established -",
            "滁州市 耶拿市 DE friendly-exchange established -",
            "滁州市 第戎市 FR sister-city established 2019",
            "滁州市 罗兹市 PL sister-city established 2019",
        ],
    );
}

#[test]
fn a_paragraph_below_a_line_says_when() {
    finds(
        &plain(
            "滁州市国际友好城市简介\n1.法国第戎市(Dijon)\n第戎市位于法国东部,人口约15万。1998年5月6日,两市签署友好城市协议书。\n\
             2.德国耶拿市(Jena)\n1999年耶拿大学学生到滁州市参观。\n",
        ),
        &[
            "滁州市 第戎市 FR sister-city signed 1998-05-06",
            "滁州市 耶拿市 DE sister-city established -",
        ],
    );
}

#[test]
fn pairs_in_a_list() {
    let expect = [
        "合肥市 久留米市 JP sister-city established -",
        "芜湖市 高知市 JP sister-city established -",
    ];
    for text in [
        "安徽省友好城市包括:合肥市与日本久留米市、芜湖市与日本高知市。",
        "安徽省友好城市名单\n合肥市——日本久留米市;芜湖市——日本高知市\n",
        "安徽省友好城市名单\n日本:久留米市--合肥市;高知市--芜湖市\n",
    ] {
        finds(&plain(text), &expect);
    }
    // Two foreign places beside each other are no pair of the list.
    finds(
        &plain("截至去年底,合肥市已有友好城市2个,分别为日本久留米市和法国第戎市。"),
        &[
            "合肥市 久留米市 JP sister-city established -",
            "合肥市 第戎市 FR sister-city established -",
        ],
    );
}

#[test]
fn dates_may_stand_before_each_place() {
    let expect = [
        "滁州市 盐灶市 JP sister-city established 1986",
        "滁州市 第戎市 FR sister-city established 1998",
    ];
    for text in [
        "滁州市友好城市\n1986年日本盐灶市、1998年法国第戎市\n",
        "滁州市友好城市\n日本盐灶市(1986年)、法国第戎市(1998年)\n",
        "滁州市已有2个友好城市,分别是1986年结好的日本盐灶市和1998年结好的法国第戎市。",
    ] {
        finds(&plain(text), &expect);
    }
}

#[test]
fn a_foreign_place_may_own_lines() {
    finds(
        &plain("日本仙台市的姐妹城市\n中国长春市(1980年10月)\n美国里弗赛德市(1957年)\n"),
        &[
            "长春市 仙台市 JP sister-city established 1980-10",
            "仙台市 里弗赛德市 US sister-city established 1957",
        ],
    );
}

#[test]
fn news_below_a_heading_are_no_lines() {
    for line in [
        "滁州市与法国第戎市线上交流",
        "韩国木浦市举办樱花节",
        "日本盐灶市樱花盛开(2019-04-01)",
        "参加活动的友好城市:日本盐灶市、韩国木浦市",
        "来访友好城市:日本盐灶市",
    ] {
        finds(&plain(&format!("滁州市国际友好城市\n{line}\n")), &[]);
    }
}

#[test]
fn endless_tables_take_linear_time() {
    let rows = |count: usize| {
        let mut text = String::from("新余市国际友好城市一览表\n国家\t城市\t结好时间\n");
        for n in 0..count {
            let _ = writeln!(text, "日本\t津山市\t{}.{}.{}", 1950 + n % 70, n % 12 + 1, n % 28 + 1);
        }
        text
    };
    let started = Instant::now();
    let _ = plain(&rows(10_000));
    let small = started.elapsed();
    let started = Instant::now();
    let _ = plain(&rows(100_000));
    assert!(started.elapsed() < small * 40, "{small:?} and {:?}", started.elapsed());

    let started = Instant::now();
    let wide = |cell: &str| vec![cell; 10_000].join("\t");
    let text = format!(
        "新余市国际友好城市一览表\n{}\n{}\n{}\n",
        wide("城市"),
        wide("日本津山市"),
        wide("1985")
    );
    let _ = plain(&text);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn a_heading_whose_words_are_parted_by_spaces_or_brackets_heads_a_list() {
    for title in ["苏州市友 好 城 市名单", "苏州市友好（国际）城市名单"] {
        let rows = "- 日本池田市 1981年6月6日\n- 韩国全州市 1996年3月21日\n";
        assert_eq!(page(&format!("# {title}\n{rows}")).claims.len(), 2, "{title}");
    }
}

#[test]
fn a_city_as_a_heading_with_labelled_lines_below_is_a_row() {
    let source = "# 台州的国际朋友
        ## 01 智利 · 洛斯安赫莱斯市
        结好时间：2015年9月22日
        结好类型：友好城市
        这里是林业和水果之乡。
        ## 02 韩国茂朱郡
        结好类型：友好交流关系
        签约日期：2018.11.08
        ## 03 塞内加尔 · 捷斯市
        结好时间：待签
        结好类型：友好城市";
    finds(
        &page(source),
        &[
            "台州 洛斯安赫莱斯市 CL sister-city established 2015-09-22",
            "台州 茂朱郡 KR friendly-exchange established 2018-11-08",
            "台州 捷斯市 SN sister-city planned -",
        ],
    );
    // Of the city itself, of a company, of nobody.
    for source in [
        "# 台州的国际朋友\n## 韩国茂朱郡\n人口：3万\n面积：632平方公里\n成立时间：1914年",
        "# 台州企业走出去\n## 智利 · 洛斯安赫莱斯市\n投产时间：2015年9月\n投资类型：独资",
        "# 台州的国际朋友\n## 友谊之声\n结好时间：2015年9月22日\n结好类型：友好城市",
        "# 台州出境游\n## 智利 · 洛斯安赫莱斯市\n出发日期：2015年9月22日\n游览类型：友好观光",
    ] {
        finds(&page(source), &[]);
    }
}
