// Articles whose every field tries to be more than text. What is in them is invented.
const markup = `<script>window.harmed=1</script><img src=x onerror="window.harmed=1">"'</title></textarea><b>`;
const turned = "\u202e\u2066\u200f\u061c倒转\u202d";
const endless = "友".repeat(10_000);
const unbroken = "w".repeat(10_000);
const fact = "2003年5月12日，苏州市与日本池田市签署协议，正式结为友好城市。";

export const hostile = [
  {
    title: `${markup}苏州市与池田市`,
    url: `https://example.org/"><script>window.harmed=1</script>`,
    publisher: `${markup}报`,
    published: "2003-05-13",
    text: `${markup}\n${fact}\n{{constructor.constructor('window.harmed=1')()}} \${window.harmed=1}`,
  },
  {
    title: `${turned}无锡市${turned}`,
    url: "javascript:window.harmed=1",
    publisher: `报${turned}`,
    published: "2004-06-01",
    text: `${turned}2004年5月30日，无锡市与日本相模原市签署协议书，结为友好城市${turned}。`,
  },
  {
    title: unbroken,
    url: `https://example.org/${unbroken}`,
    publisher: unbroken,
    published: "2005-01-02",
    text: `${unbroken}。\n2005年1月1日，扬州市与日本唐津市签署协议，结为友好城市。\n${endless}`,
  },
  {
    // Characters of two code units, of several code points, and without a width.
    title: "𠮷\u200b👨‍👩‍👧‍👦\u0000e\u0301 常州市",
    url: "https://example.org/𠮷?a=1&b=%3Cscript%3E#'",
    publisher: "𠮷报",
    published: "2007-03-02",
    text: "𠮷𠮷👨‍👩‍👧‍👦𠀀e\u0301，𠮷田说。\n2007年3月1日，常州市与日本高槻市签署协议，结为友好城市。𠮷",
  },
  {
    title: endless,
    url: `data:text/html,${markup}`,
    publisher: endless,
    published: "2006-01-02",
    text: `${endless}。2006年1月1日，镇江市与日本仓敷市签署《<i>建立友好城市关系</i>"协议书"》，结为友好城市。`,
  },
];
