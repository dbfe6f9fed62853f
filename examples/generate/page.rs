//! Pages: a story as a host would show it.

use crate::story::Story;

const MENU: [&str; 7] = ["首页", "要闻", "地方", "图片", "视频", "评论", "专题"];

/// The page of a story on the `host`th host.
pub(crate) fn page(story: &Story, host: usize) -> String {
    let (year, month, day) = story.published;
    let mut page =
        String::from("<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">");
    page += &format!("<title>{}_第{host}新闻网</title>", story.title);
    page += "<style>body{margin:0}.nav a{padding:4px}</style></head>\n<body><div class=\"nav\">";
    for (n, item) in MENU.iter().enumerate() {
        page += &format!("<a href=\"/c{n}/\">{item}</a> ");
    }
    let (heading, meta) = match host % 3 {
        0 => ("h1", "<p class=\"info\">"),
        1 => ("h1", "<div class=\"source\">"),
        _ => ("h2", "<div class=\"meta\">"),
    };
    page += &format!("</div>\n<div class=\"article\"><{heading}>{}</{heading}>\n", story.title);
    let close = if meta.starts_with("<p") { "</p>" } else { "</div>" };
    page += &format!("{meta}{year}-{month:02}-{day:02} 来源：第{host}新闻网{close}\n<div>");
    for paragraph in &story.paragraphs {
        page += &format!("<p>　　{paragraph}</p>\n");
    }
    page += "</div></div>\n<div class=\"related\"><h3>相关阅读</h3><ul>";
    for n in 0..6 {
        page += &format!("<li><a href=\"/a/{n}.html\">更多{}频道的消息</a></li>", MENU[n % 7]);
    }
    page +=
        "</ul></div>\n<div class=\"footer\">关于我们 | 联系方式 | 网站地图</div></body></html>\n";
    page
}
